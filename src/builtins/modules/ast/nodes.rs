//! The one list of syntax tree nodes (Python 3.14): sums with what all of their kinds carry, their kinds with fields.
//!
//! A line without indentation is a sum, or behind `=` a node of its own; indented lines are the kinds of the sum above.  A
//! field is `name:type`, with `*` for a list and `?` for what may be None.

pub const NODES: &str = "\
mod
  Module body:stmt* type_ignores:type_ignore*
  Interactive body:stmt*
  Expression body:expr
  FunctionType argtypes:expr* returns:expr
stmt lineno:int col_offset:int end_lineno:int? end_col_offset:int?
  FunctionDef name:identifier args:arguments body:stmt* decorator_list:expr* returns:expr? type_comment:string? type_params:type_param*
  AsyncFunctionDef name:identifier args:arguments body:stmt* decorator_list:expr* returns:expr? type_comment:string? type_params:type_param*
  ClassDef name:identifier bases:expr* keywords:keyword* body:stmt* decorator_list:expr* type_params:type_param*
  Return value:expr?
  Delete targets:expr*
  Assign targets:expr* value:expr type_comment:string?
  TypeAlias name:expr type_params:type_param* value:expr
  AugAssign target:expr op:operator value:expr
  AnnAssign target:expr annotation:expr value:expr? simple:int
  For target:expr iter:expr body:stmt* orelse:stmt* type_comment:string?
  AsyncFor target:expr iter:expr body:stmt* orelse:stmt* type_comment:string?
  While test:expr body:stmt* orelse:stmt*
  If test:expr body:stmt* orelse:stmt*
  With items:withitem* body:stmt* type_comment:string?
  AsyncWith items:withitem* body:stmt* type_comment:string?
  Match subject:expr cases:match_case*
  Raise exc:expr? cause:expr?
  Try body:stmt* handlers:excepthandler* orelse:stmt* finalbody:stmt*
  TryStar body:stmt* handlers:excepthandler* orelse:stmt* finalbody:stmt*
  Assert test:expr msg:expr?
  Import names:alias*
  ImportFrom module:identifier? names:alias* level:int?
  Global names:identifier*
  Nonlocal names:identifier*
  Expr value:expr
  Pass
  Break
  Continue
expr lineno:int col_offset:int end_lineno:int? end_col_offset:int?
  BoolOp op:boolop values:expr*
  NamedExpr target:expr value:expr
  BinOp left:expr op:operator right:expr
  UnaryOp op:unaryop operand:expr
  Lambda args:arguments body:expr
  IfExp test:expr body:expr orelse:expr
  Dict keys:expr?* values:expr*
  Set elts:expr*
  ListComp elt:expr generators:comprehension*
  SetComp elt:expr generators:comprehension*
  DictComp key:expr value:expr generators:comprehension*
  GeneratorExp elt:expr generators:comprehension*
  Await value:expr
  Yield value:expr?
  YieldFrom value:expr
  Compare left:expr ops:cmpop* comparators:expr*
  Call func:expr args:expr* keywords:keyword*
  FormattedValue value:expr conversion:int format_spec:expr?
  Interpolation value:expr str:constant conversion:int format_spec:expr?
  JoinedStr values:expr*
  TemplateStr values:expr*
  Constant value:constant kind:string?
  Attribute value:expr attr:identifier ctx:expr_context
  Subscript value:expr slice:expr ctx:expr_context
  Starred value:expr ctx:expr_context
  Name id:identifier ctx:expr_context
  List elts:expr* ctx:expr_context
  Tuple elts:expr* ctx:expr_context
  Slice lower:expr? upper:expr? step:expr?
expr_context
  Load
  Store
  Del
boolop
  And
  Or
operator
  Add
  Sub
  Mult
  MatMult
  Div
  Mod
  Pow
  LShift
  RShift
  BitOr
  BitXor
  BitAnd
  FloorDiv
unaryop
  Invert
  Not
  UAdd
  USub
cmpop
  Eq
  NotEq
  Lt
  LtE
  Gt
  GtE
  Is
  IsNot
  In
  NotIn
= comprehension target:expr iter:expr ifs:expr* is_async:int
excepthandler lineno:int col_offset:int end_lineno:int? end_col_offset:int?
  ExceptHandler type:expr? name:identifier? body:stmt*
= arguments posonlyargs:arg* args:arg* vararg:arg? kwonlyargs:arg* kw_defaults:expr?* kwarg:arg? defaults:expr*
= arg arg:identifier annotation:expr? type_comment:string? @
= keyword arg:identifier? value:expr @
= alias name:identifier asname:identifier? @
= withitem context_expr:expr optional_vars:expr?
= match_case pattern:pattern guard:expr? body:stmt*
pattern lineno:int col_offset:int end_lineno:int end_col_offset:int
  MatchValue value:expr
  MatchSingleton value:constant
  MatchSequence patterns:pattern*
  MatchMapping keys:expr* patterns:pattern* rest:identifier?
  MatchClass cls:expr patterns:pattern* kwd_attrs:identifier* kwd_patterns:pattern*
  MatchStar name:identifier?
  MatchAs pattern:pattern? name:identifier?
  MatchOr patterns:pattern*
type_ignore
  TypeIgnore lineno:int tag:string
type_param lineno:int col_offset:int end_lineno:int end_col_offset:int
  TypeVar name:identifier bound:expr? default_value:expr?
  ParamSpec name:identifier default_value:expr?
  TypeVarTuple name:identifier default_value:expr?
";

/// What a node marked `@` carries beside its fields: its place.
const PLACE: &str = "lineno:int col_offset:int end_lineno:int? end_col_offset:int?";

/// How often a field is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Count {
    One,
    Optional,
    Many,
}

/// A field or attribute of a node.
#[derive(Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub kind: &'static str,
    pub count: Count,
    /// As the documentation of the class writes the type.
    pub text: &'static str,
}

/// A node class, or a sum of them.
pub struct Node {
    pub name: &'static str,
    /// The sum that it is a kind of; None: a class directly under `AST`.
    pub sum: Option<&'static str>,
    pub fields: Vec<Field>,
    /// Of a sum: what all of its kinds carry.
    pub attributes: Vec<Field>,
}

fn field(text: &'static str) -> Option<Field> {
    let (name, kind) = text.split_once(':')?;
    let count = match kind.as_bytes().last() {
        Some(b'*') => Count::Many,
        Some(b'?') => Count::Optional,
        _ => Count::One,
    };
    Some(Field { name, kind: kind.trim_end_matches(['*', '?']), count, text: kind })
}

fn fields(text: &'static str) -> Vec<Field> {
    text.split(' ').filter_map(field).collect()
}

/// The list, in its order.
pub fn nodes() -> Vec<Node> {
    let mut all = Vec::new();
    let mut sum = "";
    for line in NODES.lines() {
        let text = line.trim_start().trim_start_matches("= ");
        let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
        let node = match line.as_bytes()[0] {
            b' ' => Node { name, sum: Some(sum), fields: fields(rest), attributes: Vec::new() },
            b'=' => {
                let place = if rest.ends_with('@') { fields(PLACE) } else { Vec::new() };
                Node { name, sum: None, fields: fields(rest), attributes: place }
            }
            _ => {
                sum = name;
                Node { name, sum: None, fields: Vec::new(), attributes: fields(rest) }
            }
        };
        all.push(node);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_a_field_is_a_node_or_plain() {
        let all = nodes();
        let known = |kind: &str| {
            matches!(kind, "int" | "string" | "identifier" | "constant") || all.iter().any(|n| n.name == kind)
        };
        for node in &all {
            for f in node.fields.iter().chain(&node.attributes) {
                assert!(known(f.kind), "{}.{}: {}", node.name, f.name, f.kind);
            }
        }
        let names: Vec<&str> = all.iter().map(|n| n.name).collect();
        assert!(names.contains(&"TemplateStr") && names.contains(&"match_case"));
        let arg = all.iter().find(|n| n.name == "arg").unwrap();
        assert_eq!((arg.fields.len(), arg.attributes.len()), (3, 4));
        assert_eq!(arg.fields[1].count, Count::Optional);
    }
}
