//! The grammar that decides which error a rejected program gets, with CPython's words for each mistake.
//!
//! A rule is `name kind = alternatives`, ordered choice as in a PEG; a line that is indented goes on with the rule.
//! Rules whose name starts with `invalid_` are tried only in the second pass, when the first has failed.  Notation:
//!
//! * `'x'` an operator or keyword, `"x"` a soft keyword, `UPPER` a kind of token, `lower` a rule
//! * `[x]` optional, `x*` `x+` repeated, `(a / b)` group, `s.x+` separated by `s`
//! * `&x` `!x` look ahead, `~` commits to this alternative, `&&'x'` must follow or `expected 'x'` is the error
//! * `a:x` binds `x` for the report, `rule@kind` matches `rule` when what it read is of that kind
//! * `{how a b "message"}` reports: `on a` its range; `span a b` from a to b; `from a` to the last token read; `last`
//!   the last token read; `next` the coming token; `indent a` an IndentationError at the last token (`%d` is a's
//!   line); `target:star|for|del a` when `a` is no valid target of that sort; `pair a` after a dictionary key;
//!   `legacy`, `comma`, `genexp`, `args`, `unless:adjacent`, `unless:character` see `report.rs`; where the last two
//!   find nothing, the alternative matches.  `%s` is what `a` is called.
//!
//! `kind` names what an expression is called in messages.  A rule that reads through exactly one part hands
//! that part on; `kind!` always makes a node; `@first` and `@last` take their first part, or are called as their last.

/// The grammar of statements and expressions.
pub const GRAMMAR: &str = r#"
file = [statement+] END
eval = expressions NEWLINE* END

statement = compound_stmt / simple_stmts
simple_stmts = simple_stmt !';' NEWLINE / ';'.simple_stmt+ [';'] NEWLINE
simple_stmt
    = assignment
    / &"type" type_alias
    / star_expressions
    / &'return' return_stmt
    / &('import' / 'from') import_stmt
    / &'raise' raise_stmt
    / 'pass'
    / &'del' del_stmt
    / &'yield' yield_expr
    / &'assert' assert_stmt
    / 'break'
    / 'continue'
    / &'global' global_stmt
    / &'nonlocal' nonlocal_stmt
compound_stmt
    = &('def' / '@' / 'async') function_def
    / &'if' if_stmt
    / &('class' / '@') class_def
    / &('with' / 'async') with_stmt
    / &('for' / 'async') for_stmt
    / &'try' try_stmt
    / &'while' while_stmt
    / match_stmt

assignment
    = NAME ':' expression ['=' annotated_rhs]
    / ('(' single_target ')' / single_subscript_attribute_target) ':' expression ['=' annotated_rhs]
    / (star_targets '=')+ annotated_rhs !'='
    / single_target augassign ~ annotated_rhs
    / invalid_assignment
annotated_rhs = yield_expr / star_expressions
augassign = '+=' / '-=' / '*=' / '@=' / '/=' / '%=' / '&=' / '|=' / '^=' / '<<=' / '>>=' / '**=' / '//='
invalid_assignment
    = a:invalid_ann_assign_target ':' expression {on a "only single target (not %s) can be annotated"}
    / a:star_named_expression ',' star_named_expressions* ':' expression
        {on a "only single target (not tuple) can be annotated"}
    / a:expression ':' expression {on a "illegal target for annotation"}
    / (star_targets '=')* a:star_expressions '=' {target:star a "cannot assign to %s"}
    / (star_targets '=')* a:yield_expr '=' {on a "assignment to yield expression not possible"}
    / a:star_expressions augassign annotated_rhs {on a "'%s' is an illegal expression for augmented assignment"}
invalid_ann_assign_target = list / tuple / '(' a:invalid_ann_assign_target ')'

return_stmt = 'return' [star_expressions]
raise_stmt = 'raise' expression ['from' expression] / 'raise'
global_stmt = 'global' ','.NAME+
nonlocal_stmt = 'nonlocal' ','.NAME+
del_stmt = 'del' del_targets &(';' / NEWLINE) / invalid_del_stmt
invalid_del_stmt = 'del' a:star_expressions {target:del a "cannot delete %s"}
assert_stmt = 'assert' expression [',' expression]
import_stmt = invalid_import / import_name / import_from
invalid_import
    = a:'import' ','.dotted_name+ 'from' dotted_name {from a "Did you mean to use 'from ... import ...' instead?"}
    / 'import' a:NEWLINE {from a "Expected one or more names after 'import'"}
import_name = 'import' ','.dotted_as_name+
dotted_as_name = dotted_name ['as' NAME]
dotted_name = NAME ('.' NAME)*
import_from
    = 'from' ('.' / '...')* dotted_name 'import' import_from_targets
    / 'from' ('.' / '...')+ 'import' import_from_targets
import_from_targets
    = '(' import_from_as_names [','] ')'
    / import_from_as_names !','
    / '*'
    / invalid_import_from_targets
import_from_as_names = ','.import_from_as_name+
import_from_as_name = NAME ['as' NAME]
invalid_import_from_targets
    = import_from_as_names ',' NEWLINE {last "trailing comma not allowed without surrounding parentheses"}
    / a:NEWLINE {from a "Expected one or more names after 'import'"}

block = NEWLINE INDENT statement+ DEDENT / simple_stmts / invalid_block
invalid_block = NEWLINE !INDENT {indent "expected an indented block"}
decorators = ('@' named_expression NEWLINE)+
class_def = decorators class_def_raw / class_def_raw
class_def_raw = invalid_class_def_raw / 'class' NAME [type_params] ['(' [arguments] ')'] ':' block
invalid_class_def_raw
    = 'class' NAME [type_params] ['(' [arguments] ')'] NEWLINE {last "expected ':'"}
    / a:'class' NAME [type_params] ['(' [arguments] ')'] ':' NEWLINE !INDENT
        {indent a "expected an indented block after class definition on line %d"}
function_def = decorators function_def_raw / function_def_raw
function_def_raw
    = invalid_def_raw
    / ['async'] 'def' NAME [type_params] &&'(' [params] ')' ['->' expression] &&':' block
invalid_def_raw
    = ['async'] a:'def' NAME [type_params] '(' [params] ')' ['->' expression] ':' NEWLINE !INDENT
        {indent a "expected an indented block after function definition on line %d"}

if_stmt
    = invalid_if_stmt
    / 'if' named_expression ':' block elif_stmt
    / 'if' named_expression ':' block [else_block]
invalid_if_stmt
    = 'if' named_expression NEWLINE {last "expected ':'"}
    / a:'if' named_expression ':' NEWLINE !INDENT
        {indent a "expected an indented block after 'if' statement on line %d"}
elif_stmt
    = invalid_elif_stmt
    / 'elif' named_expression ':' block elif_stmt
    / 'elif' named_expression ':' block [else_block]
invalid_elif_stmt
    = 'elif' named_expression NEWLINE {last "expected ':'"}
    / a:'elif' named_expression ':' NEWLINE !INDENT
        {indent a "expected an indented block after 'elif' statement on line %d"}
else_block = invalid_else_stmt / 'else' &&':' block
invalid_else_stmt
    = a:'else' ':' NEWLINE !INDENT {indent a "expected an indented block after 'else' statement on line %d"}
while_stmt = invalid_while_stmt / 'while' named_expression ':' block [else_block]
invalid_while_stmt
    = 'while' named_expression NEWLINE {last "expected ':'"}
    / a:'while' named_expression ':' NEWLINE !INDENT
        {indent a "expected an indented block after 'while' statement on line %d"}
for_stmt
    = invalid_for_stmt
    / ['async'] 'for' star_targets 'in' ~ star_expressions ':' block [else_block]
    / invalid_for_target
invalid_for_stmt
    = ['async'] 'for' star_targets 'in' star_expressions NEWLINE {last "expected ':'"}
    / ['async'] a:'for' star_targets 'in' star_expressions ':' NEWLINE !INDENT
        {indent a "expected an indented block after 'for' statement on line %d"}
invalid_for_target = ['async'] 'for' a:star_expressions {target:for a "cannot assign to %s"}
with_stmt
    = invalid_with_stmt_indent
    / ['async'] 'with' '(' ','.with_item+ [','] ')' ':' block
    / ['async'] 'with' ','.with_item+ ':' block
    / invalid_with_stmt
with_item = expression 'as' star_target &(',' / ')' / ':') / invalid_with_item / expression
invalid_with_item = expression 'as' a:expression &(',' / ')' / ':') {target:star a "cannot assign to %s"}
invalid_with_stmt
    = ['async'] 'with' ','.(expression ['as' star_target])+ NEWLINE {last "expected ':'"}
    / ['async'] 'with' '(' ','.(expressions ['as' star_target])+ [','] ')' NEWLINE {last "expected ':'"}
invalid_with_stmt_indent
    = ['async'] a:'with' ','.(expression ['as' star_target])+ ':' NEWLINE !INDENT
        {indent a "expected an indented block after 'with' statement on line %d"}
    / ['async'] a:'with' '(' ','.(expressions ['as' star_target])+ [','] ')' ':' NEWLINE !INDENT
        {indent a "expected an indented block after 'with' statement on line %d"}
try_stmt
    = invalid_try_stmt
    / 'try' &&':' block finally_block
    / 'try' &&':' block except_block+ [else_block] [finally_block]
    / 'try' &&':' block except_star_block+ [else_block] [finally_block]
invalid_try_stmt
    = a:'try' ':' NEWLINE !INDENT {indent a "expected an indented block after 'try' statement on line %d"}
    / 'try' ':' block !('except' / 'finally') {last "expected 'except' or 'finally' block"}
    / 'try' ':' block except_block+ a:'except' b:'*' expression ['as' NAME] ':'
        {span a b "cannot have both 'except' and 'except*' on the same 'try'"}
    / 'try' ':' block except_star_block+ a:'except' [expression ['as' NAME]] ':'
        {on a "cannot have both 'except' and 'except*' on the same 'try'"}
except_block
    = invalid_except_stmt_indent
    / 'except' expression ['as' NAME] ':' block
    / 'except' expressions ':' block
    / 'except' ':' block
    / invalid_except_stmt
except_star_block
    = invalid_except_star_stmt_indent
    / 'except' '*' expression ['as' NAME] ':' block
    / 'except' '*' expressions ':' block
    / invalid_except_stmt
finally_block = invalid_finally_stmt / 'finally' &&':' block
invalid_except_stmt
    = 'except' ['*'] a:expression ',' expressions 'as' NAME ':'
        {from a "multiple exception types must be parenthesized"}
    / a:'except' ['*'] expressions ['as' NAME] NEWLINE {last "expected ':'"}
    / a:'except' NEWLINE {last "expected ':'"}
    / 'except' '*' (NEWLINE / ':') {last "expected one or more exception types"}
invalid_except_stmt_indent
    = a:'except' expression ['as' NAME] ':' NEWLINE !INDENT
        {indent a "expected an indented block after 'except' statement on line %d"}
    / a:'except' expressions ':' NEWLINE !INDENT
        {indent a "expected an indented block after 'except' statement on line %d"}
    / a:'except' ':' NEWLINE !INDENT {indent a "expected an indented block after 'except' statement on line %d"}
invalid_except_star_stmt_indent
    = a:'except' '*' expression ['as' NAME] ':' NEWLINE !INDENT
        {indent a "expected an indented block after 'except*' statement on line %d"}
    / a:'except' '*' expressions ':' NEWLINE !INDENT
        {indent a "expected an indented block after 'except*' statement on line %d"}
invalid_finally_stmt
    = a:'finally' ':' NEWLINE !INDENT {indent a "expected an indented block after 'finally' statement on line %d"}

match_stmt = "match" subject_expr ':' NEWLINE INDENT case_block+ DEDENT / invalid_match_stmt
subject_expr = star_named_expression ',' [star_named_expressions] / named_expression
invalid_match_stmt
    = "match" subject_expr NEWLINE {last "expected ':'"}
    / a:"match" subject_expr ':' NEWLINE !INDENT
        {indent a "expected an indented block after 'match' statement on line %d"}
case_block = invalid_case_block / "case" patterns [guard] ':' block
guard = 'if' named_expression
invalid_case_block
    = "case" patterns [guard] NEWLINE {last "expected ':'"}
    / a:"case" patterns [guard] ':' NEWLINE !INDENT
        {indent a "expected an indented block after 'case' statement on line %d"}
patterns = open_sequence_pattern / pattern
pattern = as_pattern / or_pattern
as_pattern = or_pattern 'as' pattern_capture_target / invalid_as_pattern
invalid_as_pattern
    = or_pattern 'as' a:"_" {on a "cannot use '_' as a target"}
    / or_pattern 'as' !NAME a:expression {on a "invalid pattern target"}
or_pattern = '|'.closed_pattern+
closed_pattern
    = literal_pattern / pattern_capture_target / "_" / attr !('.' / '(' / '=') / '(' pattern ')' / sequence_pattern
    / mapping_pattern / class_pattern
literal_pattern = signed_number !('+' / '-') / complex_number / strings / 'None' / 'True' / 'False'
signed_number = ['-'] NUMBER
complex_number = real_part ('+' / '-') imaginary_part
real_part = ['-'] REAL / ['-'] a:NUMBER {on a "real number required in complex literal"}
imaginary_part = IMAGINARY / a:NUMBER {on a "imaginary number required in complex literal"}
attr = NAME ('.' NAME)+
name_or_attr = NAME ('.' NAME)*
sequence_pattern = '[' [maybe_sequence_pattern] ']' / '(' [open_sequence_pattern] ')'
open_sequence_pattern = maybe_star_pattern ',' [maybe_sequence_pattern]
maybe_sequence_pattern = ','.maybe_star_pattern+ [',']
maybe_star_pattern = '*' pattern_capture_target / '*' "_" / pattern
pattern_capture_target = !"_" NAME !('.' / '(' / '=')
mapping_pattern
    = '{' '}'
    / '{' '**' pattern_capture_target [','] '}'
    / '{' ','.key_value_pattern+ ',' '**' pattern_capture_target [','] '}'
    / '{' ','.key_value_pattern+ [','] '}'
key_value_pattern = (literal_pattern / attr) ':' pattern
class_pattern
    = name_or_attr '(' ')'
    / name_or_attr '(' ','.pattern+ [','] ')'
    / name_or_attr '(' keyword_patterns [','] ')'
    / name_or_attr '(' ','.pattern+ ',' keyword_patterns [','] ')'
    / invalid_class_pattern
keyword_patterns = ','.(NAME '=' pattern)+
invalid_class_pattern
    = name_or_attr '(' [','.pattern+ ','] keyword_patterns ',' a:positional_patterns
        {on a "positional patterns follow keyword patterns"}
positional_patterns = ','.pattern+

type_alias = "type" NAME [type_params] '=' expression
type_params = invalid_type_params / '[' ','.type_param+ [','] ']'
invalid_type_params = '[' a:']' {from a "Type parameter list cannot be empty"}
type_param
    = NAME [':' expression] ['=' expression]
    / invalid_type_param
    / '*' NAME ['=' star_expression]
    / '**' NAME ['=' expression]
invalid_type_param
    = '*' NAME a:':' b:expression@tuple {span a b "cannot use constraints with TypeVarTuple"}
    / '*' NAME a:':' b:expression {span a b "cannot use bound with TypeVarTuple"}
    / '**' NAME a:':' b:expression@tuple {span a b "cannot use constraints with ParamSpec"}
    / '**' NAME a:':' b:expression {span a b "cannot use bound with ParamSpec"}

expressions tuple = expression (',' expression)+ [','] / expression ',' / expression
expression conditional_expression
    = invalid_expression
    / invalid_legacy_expression
    / disjunction 'if' disjunction 'else' expression
    / disjunction
    / lambdef
invalid_expression
    = !(NAME STRING / SOFT_KEYWORD) a:disjunction b:expression_without_invalid
        {comma a b "invalid syntax. Perhaps you forgot a comma?"}
    / a:disjunction 'if' b:disjunction !('else' / ':') {span a b "expected 'else' after 'if' expression"}
    / a:'lambda' [lambda_params] b:':' &FMIDDLE
        {span a b "f-string: lambda expressions are not allowed without parentheses"}
expression_without_invalid conditional_expression
    = disjunction 'if' disjunction 'else' expression
    / disjunction
    / lambdef
invalid_legacy_expression
    = a:NAME !'(' b:star_expressions {legacy a b "Missing parentheses in call to '%s'. Did you mean %s(...)?"}
yield_expr yield_expression! = 'yield' 'from' expression / 'yield' [star_expressions]
star_expressions tuple = star_expression (',' star_expression)+ [','] / star_expression ',' / star_expression
star_expression starred = '*' bitwise_or / expression
star_named_expressions = ','.star_named_expression+ [',']
star_named_expression starred = '*' bitwise_or / named_expression
assignment_expression named_expression = NAME ':=' ~ expression
named_expression = assignment_expression / invalid_named_expression / expression !':='
invalid_named_expression
    = a:expression ':=' expression {on a "cannot use assignment expressions with %s"}
    / a:NAME '=' b:bitwise_or !('=' / ':=') {span a b "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"}
    / !(list / tuple / genexp / 'True' / 'None' / 'False') a:bitwise_or '=' bitwise_or !('=' / ':=')
        {on a "cannot assign to %s here. Maybe you meant '==' instead of '='?"}
disjunction expression = conjunction ('or' conjunction)*
conjunction expression = inversion ('and' inversion)*
inversion expression = 'not' inversion / comparison
comparison comparison = bitwise_or (compare_op bitwise_or)*
compare_op = '==' / '!=' / '<=' / '<' / '>=' / '>' / 'not' 'in' / 'in' / 'is' 'not' / 'is'
bitwise_or expression = bitwise_xor ('|' bitwise_xor)*
bitwise_xor expression = bitwise_and ('^' bitwise_and)*
bitwise_and expression = shift_expr ('&' shift_expr)*
shift_expr expression = (invalid_arithmetic / sum) (('<<' / '>>') sum)*
invalid_arithmetic
    = sum ('+' / '-' / '*' / '/' / '%' / '//' / '@') a:'not' b:inversion
        {span a b "'not' after an operator must be parenthesized"}
sum expression = term (('+' / '-') term)*
term expression = (invalid_factor / factor) (('*' / '/' / '//' / '%' / '@') factor)*
invalid_factor = ('+' / '-' / '~') a:'not' b:factor {span a b "'not' after an operator must be parenthesized"}
factor expression = ('+' / '-' / '~') factor / power
power expression = await_primary '**' factor / await_primary
await_primary await_expression = 'await' primary / primary
primary @last = atom (attribute_part / genexp_part / call_part / subscript_part)*
attribute_part attribute = '.' NAME
genexp_part function_call! = genexp
call_part function_call = '(' [arguments] ')'
subscript_part subscript = '[' slices ']'
slices = slice !',' / ','.(slice / starred_expression)+ [',']
slice = [expression] ':' [expression] [':' [expression]] / named_expression
atom
    = NAME
    / 'True'
    / 'False'
    / 'None'
    / &(STRING / FSTART) strings
    / NUMBER
    / &'(' (tuple / group / genexp)
    / &'[' (list / listcomp)
    / &'{' (dict / set / dictcomp / setcomp)
    / '...'
group = '(' a:(yield_expr / named_expression) ')' / invalid_group
invalid_group
    = '(' a:starred_expression ')' {on a "cannot use starred expression here"}
    / '(' a:'**' expression ')' {on a "cannot use double starred expression here"}
lambdef lambda = 'lambda' [lambda_params] ':' expression
strings @strings = (fstring / STRING)+
fstring = FSTART (replacement_field / FMIDDLE)* FEND
replacement_field
    = '{' annotated_rhs ['='] a:conversion [':' (FMIDDLE / replacement_field)*] '}' {unless:character a ""}
    / '{' annotated_rhs ['='] [':' (FMIDDLE / replacement_field)*] '}'
    / invalid_replacement_field
conversion = a:'!' b:NAME {unless:adjacent a b ""}
invalid_replacement_field
    = '{' a:'=' {on a "f-string: valid expression required before '='"}
    / '{' a:'!' {on a "f-string: valid expression required before '!'"}
    / '{' a:':' {on a "f-string: valid expression required before ':'"}
    / '{' a:'}' {on a "f-string: valid expression required before '}'"}
    / '{' !annotated_rhs {next "f-string: expecting a valid expression after '{'"}
    / '{' annotated_rhs !('=' / '!' / ':' / '}') {next "f-string: expecting '=', or '!', or ':', or '}'"}
    / '{' annotated_rhs '=' !('!' / ':' / '}') {next "f-string: expecting '!', or ':', or '}'"}
    / '{' annotated_rhs ['='] invalid_conversion
    / '{' annotated_rhs ['='] ['!' NAME] !(':' / '}') {next "f-string: expecting ':' or '}'"}
    / '{' annotated_rhs ['='] ['!' NAME] ':' (FMIDDLE / replacement_field)* !'}'
        {next "f-string: expecting '}', or format specs"}
    / '{' annotated_rhs ['='] ['!' NAME] !'}' {next "f-string: expecting '}'"}
invalid_conversion
    = '!' &(':' / '}') {next "f-string: missing conversion character"}
    / '!' !NAME {next "f-string: invalid conversion character"}

list list = '[' [star_named_expressions] ']'
tuple tuple = '(' [star_named_expression ',' [star_named_expressions]] ')'
set set_display = '{' star_named_expressions '}'
dict dict_literal = '{' [double_starred_kvpairs] '}' / '{' invalid_double_starred_kvpairs '}'
double_starred_kvpairs = ','.double_starred_kvpair+ [',']
double_starred_kvpair = '**' bitwise_or / kvpair
kvpair = expression_without_invalid ':' expression
invalid_double_starred_kvpairs
    = ','.double_starred_kvpair+ ',' invalid_kvpair
    / expression ':' a:('*' bitwise_or) {from a "cannot use a starred expression in a dictionary value"}
    / expression a:':' &('}' / ',') {on a "expression expected after dictionary key and ':'"}
invalid_kvpair
    = a:expression_without_invalid !':' {pair a "':' expected after dictionary key"}
    / expression_without_invalid ':' a:('*' bitwise_or)
        {from a "cannot use a starred expression in a dictionary value"}
    / expression_without_invalid a:':' &('}' / ',') {on a "expression expected after dictionary key and ':'"}
for_if_clauses = for_if_clause+
for_if_clause
    = ['async'] 'for' star_targets 'in' ~ disjunction ('if' disjunction)*
    / invalid_for_if_clause
    / invalid_for_target
invalid_for_if_clause
    = ['async'] 'for' (bitwise_or (',' bitwise_or)* [',']) !'in' {last "'in' expected after for-loop variables"}
listcomp list_comprehension = '[' named_expression for_if_clauses ']' / invalid_comprehension
setcomp set_comprehension = '{' named_expression for_if_clauses '}' / invalid_comprehension
genexp generator_expression
    = '(' (assignment_expression / expression !':=') for_if_clauses ')'
    / invalid_comprehension
dictcomp dict_comprehension = '{' kvpair for_if_clauses '}' / invalid_dict_comprehension
invalid_comprehension
    = ('[' / '(' / '{') a:starred_expression for_if_clauses
        {on a "iterable unpacking cannot be used in comprehension"}
    / ('[' / '{') a:star_named_expression ',' b:star_named_expressions for_if_clauses
        {span a b "did you forget parentheses around the comprehension target?"}
    / ('[' / '{') a:star_named_expression b:',' for_if_clauses
        {span a b "did you forget parentheses around the comprehension target?"}
invalid_dict_comprehension
    = '{' a:'**' bitwise_or for_if_clauses '}' {on a "dict unpacking cannot be used in dict comprehension"}

arguments = args [','] &')' / invalid_arguments
args = ','.positional+ [',' kwargs] / kwargs
positional = starred_expression / (assignment_expression / expression !':=') !'='
kwargs
    = ','.kwarg_or_starred+ ',' ','.kwarg_or_double_starred+
    / ','.kwarg_or_starred+
    / ','.kwarg_or_double_starred+
starred_expression starred
    = invalid_starred_expression_unpacking
    / '*' expression
    / invalid_starred_expression
invalid_starred_expression_unpacking
    = a:'*' expression '=' b:expression {span a b "cannot assign to iterable argument unpacking"}
invalid_starred_expression = '*' {last "Invalid star expression"}
kwarg_or_starred = invalid_kwarg / NAME '=' expression / starred_expression
kwarg_or_double_starred double_starred = invalid_kwarg / NAME '=' expression / kwarg_unpacking
kwarg_unpacking double_starred = '**' expression
invalid_arguments
    = (','.positional+ ',' kwargs / kwargs) a:',' ','.(starred_expression !'=')+
        {from a "iterable argument unpacking follows keyword argument unpacking"}
    / a:expression b:for_if_clauses ',' [args / expression for_if_clauses]
        {span a b "Generator expression must be parenthesized"}
    / a:NAME b:'=' expression for_if_clauses {span a b "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"}
    / [args ','] a:NAME b:'=' &(',' / ')') {span a b "expected argument value expression"}
    / a:args b:for_if_clauses {genexp a b "Generator expression must be parenthesized"}
    / args ',' a:expression b:for_if_clauses {span a b "Generator expression must be parenthesized"}
    / a:args ',' args {args a "positional argument follows keyword argument"}
invalid_kwarg
    = a:('True' / 'False' / 'None') b:'=' {span a b "cannot assign to %s"}
    / a:NAME b:'=' expression for_if_clauses {span a b "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"}
    / !(NAME '=') a:expression b:'=' {span a b "expression cannot contain assignment, perhaps you meant \"==\"?"}
    / a:'**' expression '=' b:expression {span a b "cannot assign to keyword argument unpacking"}

star_targets tuple = star_target !',' / star_target (',' star_target)* [',']
star_target starred = '*' !'*' star_target / target_with_star_atom
target_with_star_atom = primary@attribute / primary@subscript / star_atom !('(' / '[' / '.')
star_atom
    = NAME
    / '(' target_with_star_atom ')'
    / '(' [star_target ',' [','.star_target+ [',']]] ')'
    / '[' [','.star_target+ [',']] ']'
single_target = single_subscript_attribute_target / NAME / '(' single_target ')'
single_subscript_attribute_target = primary@attribute / primary@subscript
del_targets = ','.del_target+ [',']
del_target = primary@attribute / primary@subscript / del_t_atom !('(' / '[' / '.')
del_t_atom = NAME / '(' del_target ')' / '(' [del_targets] ')' / '[' [del_targets] ']'
"#;

/// The rules of parameter lists, which exist twice: for `def`, and with the prefix `lambda_` and `:` as the end.
pub const PARAMETERS: &str = r#"
P_params = invalid_P_parameters / P_parameters
P_parameters
    = P_slash_no_default P_param_no_default* P_param_with_default* [P_star_etc]
    / P_slash_with_default P_param_with_default* [P_star_etc]
    / P_param_no_default+ P_param_with_default* [P_star_etc]
    / P_param_with_default+ [P_star_etc]
    / P_star_etc
P_slash_no_default = P_param_no_default+ '/' ',' / P_param_no_default+ '/' &'CLOSE'
P_slash_with_default
    = P_param_no_default* P_param_with_default+ '/' ','
    / P_param_no_default* P_param_with_default+ '/' &'CLOSE'
P_star_etc
    = invalid_P_star_etc
    / '*' P_param_no_default P_param_maybe_default* [P_kwds]
    / STAR_ANNOTATION
    / '*' ',' P_param_maybe_default+ [P_kwds]
    / P_kwds
P_kwds = invalid_P_kwds / '**' P_param_no_default
P_param_no_default @first = P_param ',' / P_param &'CLOSE'
P_param_with_default @first = P_param P_default ',' / P_param P_default &'CLOSE'
P_param_maybe_default @first = P_param [P_default] ',' / P_param [P_default] &'CLOSE'
P_default = '=' expression / invalid_P_default
invalid_P_default = a:'=' &(')' / ',') {on a "expected default value expression"}
invalid_P_parameters
    = a:'/' ',' {on a "at least one argument must precede /"}
    / (P_slash_no_default / P_slash_with_default) P_param_maybe_default* a:'/' {on a "/ may appear only once"}
    / [P_slash_no_default] P_param_no_default* (P_slash_with_default / P_param_with_default+) a:P_param_no_default
        {on a "parameter without a default follows parameter with a default"}
    / P_param_no_default* a:'(' PAREN_PARAMS [','] b:')' {span a b "PAREN_MESSAGE parameters cannot be parenthesized"}
    / [P_slash_no_default / P_slash_with_default] P_param_maybe_default* '*' (',' / P_param_no_default) P_param_maybe_default* a:'/'
        {on a "/ must be ahead of *"}
    / P_param_maybe_default+ '/' a:'*' {on a "expected comma between / and *"}
invalid_P_star_etc
    = a:'*' ('CLOSE' / ',' ('CLOSE' / '**')) {BARE "named arguments must follow bare *"}
    / '*' P_param a:'=' {on a "var-positional argument cannot have default value"}
    / '*' (P_param_no_default / ',') P_param_maybe_default* a:'*' (P_param_no_default / ',')
        {on a "* argument may appear only once"}
invalid_P_kwds
    = '**' P_param a:'=' {on a "var-keyword argument cannot have default value"}
    / '**' P_param ',' a:P_param {on a "arguments cannot follow var-keyword argument"}
    / '**' P_param ',' a:('*' / '**' / '/') {on a "arguments cannot follow var-keyword argument"}
"#;

/// The whole text: statements, expressions and both forms of parameter lists.
pub fn text() -> String {
    let instantiate = |prefix: &str, close: &str, name: &str, list: &str, star: &str| {
        // CPython points at the star of `def f(*)`, but at the end of `lambda *`.
        PARAMETERS
            .replace("BARE", if prefix.is_empty() { "on a" } else { "last" })
            .replace("PAREN_PARAMS", list)
            .replace("PAREN_MESSAGE", name)
            .replace("STAR_ANNOTATION", star)
            .replace("CLOSE", close)
            .replace("invalid_P_", &format!("invalid_{prefix}"))
            .replace("P_", prefix)
    };
    let star = "'*' NAME ':' star_expression ',' P_param_maybe_default* [P_kwds] \
                / '*' NAME ':' star_expression &')' P_param_maybe_default* [P_kwds]";
    [
        GRAMMAR.to_owned(),
        instantiate("", ")", "Function", "P_param_no_default+", star),
        instantiate("lambda_", ":", "Lambda expression", "','.P_param+", "P_kwds"),
        "param = NAME [':' expression]\nlambda_param = NAME\n".to_owned(),
    ]
    .concat()
}
