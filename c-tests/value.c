/* Values. */
#include "python.h"

static void they_are_made(void) {
  execmon_value *v = NULL, *items[3];
  begin();
  OK(execmon_make_none(py, &v, &err));
  REPR(v, "None");
  OK(execmon_make_bool(py, 5, &v, &err));
  REPR(v, "True");
  OK(execmon_make_int(py, INT64_MIN, &v, &err));
  REPR(v, "-9223372036854775808");
  OK(execmon_make_int_from_text(py, "123456789012345678901234567890", &v, &err));
  REPR(v, "123456789012345678901234567890");
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_make_int_from_text(py, "12x", &v, &err));
  CHECK_TEXT(execmon_error_type(err), "ValueError");
  execmon_error_free(err), err = NULL;
  OK(execmon_make_float(py, 1e300, &v, &err));
  REPR(v, "1e+300");
  OK(execmon_make_str(py, "h\xc3\xa9\0y", 5, &v, &err));
  REPR(v, "'h\xc3\xa9\\x00y'");
  FAILS(EXECMON_STATUS_TEXT, "the text is not UTF-8", execmon_make_str(py, "\xc3", 1, &v, &err));
  OK(execmon_make_str(py, NULL, 0, &v, &err));
  REPR(v, "''");
  FAILS(EXECMON_STATUS_NULL, "the text", execmon_make_str(py, NULL, 2, &v, &err));
  FAILS(EXECMON_STATUS_MEMORY, "the text cannot have", execmon_make_str(py, "x", SIZE_MAX - 1, &v, &err));
  OK(execmon_make_bytes(py, (const uint8_t *)"a\0\xff", 3, &v, &err));
  REPR(v, "b'a\\x00\\xff'");
  for (int i = 0; i < 3; i++) OK(execmon_make_int(py, i, &items[i], &err));
  OK(execmon_make_tuple(py, items, 3, &v, &err));
  REPR(v, "(0, 1, 2)");
  OK(execmon_make_list(py, items, 2, &v, &err));
  REPR(v, "[0, 1]");
  OK(execmon_make_dict(py, items, items + 1, 2, &v, &err));
  REPR(v, "{0: 1, 1: 2}");
  OK(execmon_make_set(py, items, 3, &v, &err));
  REPR(v, "{0, 1, 2}");
  OK(execmon_make_list(py, NULL, 0, &v, &err));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_make_set(py, &v, 1, &v, &err));
  CHECK_TEXT(execmon_error_message(err), "unhashable type: 'list'");
  execmon_error_free(err), err = NULL;
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_make_dict(py, &v, &v, 1, &v, NULL));
  FAILS(EXECMON_STATUS_NULL, "result is NULL", execmon_make_list(py, items, 3, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "array of values", execmon_make_tuple(py, NULL, 3, &v, &err));
  GIVES(EXECMON_OK, execmon_value_release(items[2]));
  FAILS(EXECMON_STATUS_HANDLE, "value", execmon_make_tuple(py, items, 3, &v, &err));
  items[2] = NULL;
  FAILS(EXECMON_STATUS_NULL, "value", execmon_make_tuple(py, items, 3, &v, &err));
  end();
}

static void they_are_read(void) {
  static const struct {
    const char *expression;
    execmon_type type;
    const char *name;
  } kinds[] = {
      {"None", EXECMON_TYPE_NONE, "NoneType"},      {"False", EXECMON_TYPE_BOOL, "bool"},
      {"7", EXECMON_TYPE_INT, "int"},               {"10**30", EXECMON_TYPE_INT, "int"},
      {"0.5", EXECMON_TYPE_FLOAT, "float"},         {"1e300", EXECMON_TYPE_FLOAT, "float"},
      {"''", EXECMON_TYPE_STR, "str"},              {"b''", EXECMON_TYPE_BYTES, "bytes"},
      {"()", EXECMON_TYPE_TUPLE, "tuple"},          {"[]", EXECMON_TYPE_LIST, "list"},
      {"{}", EXECMON_TYPE_DICT, "dict"},            {"{1}", EXECMON_TYPE_SET, "set"},
      {"int", EXECMON_TYPE_CLASS, "type"},          {"len", EXECMON_TYPE_FUNCTION, "builtin_function_or_method"},
      {"(lambda: 0)", EXECMON_TYPE_FUNCTION, "function"},
      {"ValueError()", EXECMON_TYPE_EXCEPTION, "ValueError"},
      {"range(3)", EXECMON_TYPE_OTHER, "range"},
  };
  begin();
  for (size_t i = 0; i < COUNT_OF(kinds); i++) {
    execmon_value *v = eval(kinds[i].expression);
    execmon_type type = EXECMON_TYPE_OTHER;
    char name[40];
    OK(execmon_value_type(v, &type, &err));
    CHECK_INT(type, kinds[i].type);
    OK(execmon_value_type_name(v, name, sizeof name, NULL, &err));
    CHECK_TEXT(name, kinds[i].name);
    GIVES(EXECMON_OK, execmon_value_release(v));
  }
  end();
}

static void they_are_converted(void) {
  execmon_value *v;
  int64_t number = 0;
  double real = 0;
  int32_t truth = 9;
  const char *text = NULL;
  const uint8_t *data = NULL;
  size_t length = 0;
  begin();
  v = eval("-5");
  OK(execmon_value_int(v, &number, &err));
  CHECK_INT(number, -5);
  OK(execmon_value_float(v, &real, &err));
  CHECK(real == -5.0);
  OK(execmon_value_truth(v, &truth, &err));
  CHECK_INT(truth, 1);
  OK(execmon_value_text(v, &text, &length, &err));
  CHECK_TEXT(text, "-5");
  FAILS(EXECMON_STATUS_TYPE, "the value is no bytes but 'int'", execmon_value_bytes(v, &data, &length, &err));
  execmon_value_release(v), v = eval("2**63");
  FAILS(EXECMON_STATUS_OVERFLOW, "64 bits", execmon_value_int(v, &number, &err));
  OK(execmon_value_float(v, &real, &err));
  CHECK(real == 9223372036854775808.0);
  OK(execmon_value_text(v, &text, NULL, &err));
  CHECK_TEXT(text, "9223372036854775808");
  execmon_value_release(v), v = eval("10**400");
  FAILS(EXECMON_STATUS_OVERFLOW, "too large", execmon_value_float(v, &real, &err));
  execmon_value_release(v), v = eval("'a\\0\xc3\xbc'");
  OK(execmon_value_text(v, &text, &length, &err));
  CHECK_INT(length, 4);
  CHECK(memcmp(text, "a\0\xc3\xbc", 5) == 0);
  FAILS(EXECMON_STATUS_TYPE, "the value is no int but 'str'", execmon_value_int(v, &number, &err));
  FAILS(EXECMON_STATUS_TYPE, "the value is no float but 'str'", execmon_value_float(v, &real, &err));
  execmon_value_release(v), v = eval("'\\ud800'");
  FAILS(EXECMON_STATUS_TEXT, "lone surrogates", execmon_value_text(v, &text, &length, &err));
  execmon_value_release(v), v = eval("b'x\\0y'");
  OK(execmon_value_bytes(v, &data, &length, &err));
  CHECK(length == 3 && memcmp(data, "x\0y", 3) == 0);
  FAILS(EXECMON_STATUS_NULL, "length", execmon_value_bytes(v, &data, NULL, &err));
  execmon_value_release(v), v = eval("[]");
  OK(execmon_value_truth(v, &truth, &err));
  CHECK_INT(truth, 0);
  execmon_value_release(v);
  OK(run("class Bad:\n  def __bool__(self): raise OSError('b')\n  __repr__ = __str__ = __bool__\n"));
  v = eval("Bad()");
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_truth(v, &truth, NULL));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_text(v, &text, NULL, NULL));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_repr(v, &v, NULL));
  FAILS(EXECMON_STATUS_NULL, "result", execmon_value_truth(v, NULL, &err));
  end();
}

static void items_and_attributes(void) {
  execmon_value *list, *dict, *key, *value = NULL, *object;
  size_t length = 0;
  int32_t answer = 9;
  begin();
  list = eval("[1, 2, 3]"), dict = eval("{'a': 1}"), key = eval("'a'");
  OK(execmon_value_get_index(list, -1, &value, &err));
  REPR(value, "3");
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_get_index(list, INT64_MAX, &value, &err));
  CHECK_TEXT(execmon_error_type(err), "IndexError");
  execmon_error_free(err), err = NULL;
  OK(execmon_value_get_item(dict, key, &value, &err));
  OK(execmon_value_set_item(dict, value, list, &err));
  OK(execmon_value_length(dict, &length, &err));
  CHECK_INT(length, 2);
  OK(execmon_value_contains(dict, key, &answer, &err));
  CHECK_INT(answer, 1);
  OK(execmon_value_del_item(dict, key, &err));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_del_item(dict, key, NULL));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_get_item(dict, key, &value, NULL));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_set_item(key, key, key, NULL));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_length(value, &length, NULL));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_contains(value, key, &answer, NULL));
  REPR(dict, "{1: [1, 2, 3]}");
  OK(run("class C: pass\n"));
  object = eval("C()");
  OK(execmon_value_set_attr(object, "x", list, &err));
  OK(execmon_value_get_attr(object, "x", &dict, &err));
  OK(execmon_value_is(dict, list, &answer, &err));
  CHECK_INT(answer, 1);
  OK(execmon_value_is(dict, key, &answer, &err));
  CHECK_INT(answer, 0);
  OK(execmon_value_del_attr(object, "x", &err));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_del_attr(object, "x", NULL));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_get_attr(object, "x", &dict, NULL));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_set_attr(key, "x", key, NULL));
  FAILS(EXECMON_STATUS_TEXT, "the name", execmon_value_get_attr(object, "\xff", &dict, &err));
  FAILS(EXECMON_STATUS_NULL, "the name", execmon_value_get_attr(object, NULL, &dict, &err));
  end();
}

static void iteration_ends(void) {
  execmon_value *iterator = NULL, *item = NULL, *number;
  begin();
  number = eval("[10, 20]");
  OK(execmon_value_iterate(number, &iterator, &err));
  OK(execmon_value_next(iterator, &item, &err));
  REPR(item, "10");
  OK(execmon_value_next(iterator, &item, &err));
  REPR(item, "20");
  FAILS(EXECMON_STATUS_END, "exhausted", execmon_value_next(iterator, &item, &err));
  FAILS(EXECMON_STATUS_END, "exhausted", execmon_value_next(iterator, &item, &err));
  number = eval("5");
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_iterate(number, &iterator, &err));
  CHECK_TEXT(execmon_error_message(err), "'int' object is not iterable");
  execmon_error_free(err), err = NULL;
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_next(number, &item, NULL));
  iterator = eval("(1 // n for n in [1, 0])");
  OK(execmon_value_next(iterator, &item, &err));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_next(iterator, &item, NULL));
  FAILS(EXECMON_STATUS_END, "exhausted", execmon_value_next(iterator, &item, &err));
  end();
}

static void calls_with_keywords(void) {
  const char *names[] = {"c", "d"}, *twice[] = {"c", "c"}, *bad[] = {"\xff"};
  execmon_value *f, *args[2], *result = NULL;
  begin();
  OK(run("def f(a, b=2, *, c=3, **rest): return a, b, c, rest\n"));
  f = eval("f"), args[0] = eval("10"), args[1] = eval("'x'");
  OK(execmon_value_call(f, args, 1, NULL, NULL, 0, &result, &err));
  REPR(result, "(10, 2, 3, {})");
  OK(execmon_value_call(f, args, 2, names, args, 2, &result, &err));
  REPR(result, "(10, 'x', 10, {'d': 'x'})");
  OK(execmon_value_call(f, args, 2, names, args, 2, NULL, &err));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_call(f, NULL, 0, NULL, NULL, 0, &result, &err));
  CHECK_TEXT(execmon_error_message(err), "f() missing 1 required positional argument: 'a'");
  execmon_error_free(err), err = NULL;
  FAILS(EXECMON_STATUS_VALUE, "twice", execmon_value_call(f, args, 1, twice, args, 2, &result, &err));
  FAILS(EXECMON_STATUS_TEXT, "the name", execmon_value_call(f, args, 1, bad, args, 1, &result, &err));
  FAILS(EXECMON_STATUS_NULL, "names", execmon_value_call(f, args, 1, NULL, args, 1, &result, &err));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_call(args[0], NULL, 0, NULL, NULL, 0, &result, NULL));
  end();
}

static void comparing_and_hashing(void) {
  static const int holds[6] = {1, 1, 0, 1, 0, 0};
  execmon_value *one, *two, *again = NULL, *list;
  int32_t answer = 9;
  int64_t hash = 0;
  begin();
  one = eval("1"), two = eval("2.5"), list = eval("[]");
  for (int32_t op = EXECMON_LT; op <= EXECMON_GE; op++) {
    OK(execmon_value_compare(one, two, op, &answer, &err));
    CHECK_INT(answer, holds[op]);
  }
  FAILS(EXECMON_STATUS_VALUE, "6 is no comparison", execmon_value_compare(one, two, 6, &answer, &err));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_compare(one, list, EXECMON_LT, &answer, NULL));
  OK(execmon_value_hash(one, &hash, &err));
  CHECK_INT(hash, 1);
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_value_hash(list, &hash, NULL));
  OK(execmon_value_retain(list, &again, &err));
  CHECK(again != list);
  GIVES(EXECMON_OK, execmon_value_release(list));
  REPR(again, "[]");
  end();
}

static void code_of_functions(void) {
  execmon_value *f;
  execmon_code *code = NULL;
  execmon_position position;
  int32_t lines[4];
  size_t count = 0;
  uint32_t locations = 0;
  begin();
  OK(run("\ndef f(a):\n    b = a\n    return b + 1\nclass C:\n    def m(self): pass\n"));
  f = eval("f");
  OK(execmon_value_code(f, &code, &err));
  CHECK_TEXT(execmon_code_name(code), "f");
  CHECK_TEXT(execmon_code_filename(code), "<test>");
  CHECK_INT(execmon_code_first_line(code), 2);
  OK(execmon_code_lines(code, lines, COUNT_OF(lines), &count, &err));
  CHECK(count == 2 && lines[0] == 3 && lines[1] == 4);
  OK(execmon_code_location_count(code, &locations, &err));
  int found = 0;
  for (uint32_t i = 0; i < locations; i++) {
    execmon_location location;
    OK(execmon_code_location(code, i, &location, &err));
    OK(execmon_code_position(code, location.offset, &position, &err));
    found |= position.line == 4 && position.end_line == 4 && position.column == 11 && position.end_column == 16;
  }
  CHECK(found);
  FAILS(EXECMON_STATUS_VALUE, "no location", execmon_code_position(code, UINT32_MAX, &position, &err));
  FAILS(EXECMON_STATUS_STATE, "only the interpreter", execmon_code_renew(code, &err));
  FAILS(EXECMON_STATUS_STATE, "only the interpreter", execmon_code_view(code, (execmon_view *)no_handle(), &err));
  GIVES(EXECMON_OK, execmon_code_release(code));
  f = eval("C().m");
  OK(execmon_value_code(f, &code, &err));
  CHECK_TEXT(execmon_code_qualified_name(code), "C.m");
  f = eval("len");
  FAILS(EXECMON_STATUS_TYPE, "no function but", execmon_value_code(f, &code, &err));
  end();
  /* The code object outlives its interpreter, as it has an owner. */
  CHECK_TEXT(execmon_code_name(code), "m");
  GIVES(EXECMON_OK, execmon_code_release(code));
  CHECK(execmon_code_name(code) == NULL);
}

static execmon_code *started;

static execmon_action note_start(const execmon_event *event, void *user) {
  (void)user;
  started = event->code;
  return EXECMON_CONTINUE;
}

static void note_starts(execmon_monitor *of) {
  OK(execmon_use_tool_id(of, 3, "notes", &err));
  OK(execmon_register_callback(of, 3, EXECMON_EVENT_PY_START, note_start, NULL, NULL, &err));
}

static void code_is_forgotten_when_no_tool_is_in_use(void) {
  execmon_monitor *watching;
  execmon_code *f, *g;
  begin();
  watching = execmon_interp_monitor(py);
  OK(run("def f(n):\n    return n + 1\ndef g(n):\n    return f(n)\n"));
  note_starts(watching);
  OK(execmon_set_events(watching, 3, EXECMON_EVENT_PY_START, &err));
  REPR(eval("f(1)"), "2");
  f = started;
  CHECK_TEXT(execmon_code_name(f), "f");
  OK(execmon_code_retain(f, &err));
  REPR(eval("f(g(f(1)))"), "4");
  CHECK(started == f);
  /* A tool without events may have some again. */
  OK(execmon_set_local_events(watching, 3, f, EXECMON_EVENT_PY_START, &err));
  OK(execmon_set_events(watching, 3, 0, &err));
  started = NULL;
  REPR(eval("g(1)"), "2");
  CHECK(started == f);
  OK(execmon_set_events(watching, 3, EXECMON_EVENT_PY_START, &err));
  REPR(eval("(lambda: g)()(1)"), "2");
  OK(execmon_register_callback(watching, 3, EXECMON_EVENT_PY_START, NULL, NULL, NULL, &err));
  REPR(eval("g(1)"), "2");
  OK(execmon_register_callback(watching, 3, EXECMON_EVENT_PY_START, note_start, NULL, NULL, &err));
  OK(execmon_set_local_events(watching, 3, f, 0, &err));
  OK(run("g2 = g\ndef g(n):\n    return n\ng(1)"));
  g = started;
  CHECK_TEXT(execmon_code_name(g), "g");
  /* Until it is entered it is as it was. */
  GIVES(EXECMON_OK, execmon_free_tool_id(watching, 3, &err));
  CHECK_TEXT(execmon_code_name(g), "g");
  REPR(eval("g(1) + f(1)"), "3");
  CHECK(execmon_code_name(g) == NULL);
  /* It has an owner. */
  CHECK_TEXT(execmon_code_name(f), "f");
  note_starts(watching);
  OK(execmon_set_local_events(watching, 3, f, EXECMON_EVENT_PY_START, &err));
  started = NULL;
  REPR(eval("g(1) + g2(1)"), "3");
  CHECK(started == f);
  OK(execmon_set_events(watching, 3, EXECMON_EVENT_PY_START, &err));
  REPR(eval("g(1)"), "1");
  CHECK_TEXT(execmon_code_name(started), "g");
  GIVES(EXECMON_OK, execmon_code_release(f));
  end();
}

/* Every function of values, with a value that is none. */
static void without_value(execmon_value *none, execmon_value *some, execmon_status status) {
  execmon_value *v = NULL;
  execmon_type type;
  execmon_code *code;
  const char *text;
  const uint8_t *data;
  size_t size;
  int64_t number;
  double real;
  int32_t truth;
  FAILS(status, "value", execmon_value_retain(none, &v, &err));
  FAILS(status, "value", execmon_value_type(none, &type, &err));
  FAILS(status, "value", execmon_value_type_name(none, NULL, 0, NULL, &err));
  FAILS(status, "value", execmon_value_truth(none, &truth, &err));
  FAILS(status, "value", execmon_value_int(none, &number, &err));
  FAILS(status, "value", execmon_value_float(none, &real, &err));
  FAILS(status, "value", execmon_value_text(none, &text, &size, &err));
  FAILS(status, "value", execmon_value_bytes(none, &data, &size, &err));
  FAILS(status, "value", execmon_value_repr(none, &v, &err));
  FAILS(status, "value", execmon_value_code(none, &code, &err));
  FAILS(status, "value", execmon_value_get_item(none, some, &v, &err));
  FAILS(status, "value", execmon_value_get_item(some, none, &v, &err));
  FAILS(status, "value", execmon_value_get_index(none, 0, &v, &err));
  FAILS(status, "value", execmon_value_set_item(none, some, some, &err));
  FAILS(status, "value", execmon_value_set_item(some, none, some, &err));
  FAILS(status, "value", execmon_value_set_item(some, some, none, &err));
  FAILS(status, "value", execmon_value_del_item(none, some, &err));
  FAILS(status, "value", execmon_value_del_item(some, none, &err));
  FAILS(status, "value", execmon_value_get_attr(none, "x", &v, &err));
  FAILS(status, "value", execmon_value_set_attr(none, "x", some, &err));
  FAILS(status, "value", execmon_value_set_attr(some, "x", none, &err));
  FAILS(status, "value", execmon_value_del_attr(none, "x", &err));
  FAILS(status, "value", execmon_value_length(none, &size, &err));
  FAILS(status, "value", execmon_value_contains(none, some, &truth, &err));
  FAILS(status, "value", execmon_value_contains(some, none, &truth, &err));
  FAILS(status, "value", execmon_value_iterate(none, &v, &err));
  FAILS(status, "value", execmon_value_next(none, &v, &err));
  FAILS(status, "value", execmon_value_call(none, NULL, 0, NULL, NULL, 0, &v, &err));
  FAILS(status, "value", execmon_value_call(some, &none, 1, NULL, NULL, 0, &v, &err));
  FAILS(status, "value", execmon_value_compare(none, some, EXECMON_EQ, &truth, &err));
  FAILS(status, "value", execmon_value_compare(some, none, EXECMON_EQ, &truth, &err));
  FAILS(status, "value", execmon_value_is(none, some, &truth, &err));
  FAILS(status, "value", execmon_value_is(some, none, &truth, &err));
  FAILS(status, "value", execmon_value_hash(none, &number, &err));
  FAILS(status, "value", execmon_set_global(py, "test", "x", none, &err));
  CHECK(v == NULL);
}

static void a_value_must_be_one(void) {
  execmon_value *some, *freed;
  begin();
  some = eval("[0]"), freed = eval("1");
  without_value(NULL, some, EXECMON_STATUS_NULL);
  without_value((execmon_value *)no_handle(), some, EXECMON_STATUS_HANDLE);
  without_value((execmon_value *)py, some, EXECMON_STATUS_HANDLE);
  GIVES(EXECMON_OK, execmon_value_release(freed));
  without_value(freed, some, EXECMON_STATUS_HANDLE);
  GIVES(EXECMON_STATUS_HANDLE, execmon_value_release(freed));
  GIVES(EXECMON_OK, execmon_value_release(NULL));
  end();
}

/* Every function that makes something of an interpreter, with one that is none. */
static void without_interp(execmon_interp *none, execmon_status status) {
  execmon_value *v = NULL;
  FAILS(status, "interpreter", execmon_make_none(none, &v, &err));
  FAILS(status, "interpreter", execmon_make_bool(none, 1, &v, &err));
  FAILS(status, "interpreter", execmon_make_int(none, 1, &v, &err));
  FAILS(status, "interpreter", execmon_make_int_from_text(none, "1", &v, &err));
  FAILS(status, "interpreter", execmon_make_float(none, 1, &v, &err));
  FAILS(status, "interpreter", execmon_make_str(none, "", 0, &v, &err));
  FAILS(status, "interpreter", execmon_make_bytes(none, NULL, 0, &v, &err));
  FAILS(status, "interpreter", execmon_make_tuple(none, NULL, 0, &v, &err));
  FAILS(status, "interpreter", execmon_make_list(none, NULL, 0, &v, &err));
  FAILS(status, "interpreter", execmon_make_dict(none, NULL, NULL, 0, &v, &err));
  FAILS(status, "interpreter", execmon_make_set(none, NULL, 0, &v, &err));
  FAILS(status, "interpreter", execmon_run_file(none, "x", 0, NULL, &err));
  FAILS(status, "interpreter", execmon_run_string(none, "x", "", 0, &err));
  FAILS(status, "interpreter", execmon_eval_string(none, "x", "1", 1, &v, &err));
  FAILS(status, "interpreter", execmon_import(none, "sys", &v, &err));
  FAILS(status, "interpreter", execmon_call(none, "sys", "exit", NULL, 0, &v, &err));
  FAILS(status, "interpreter", execmon_get_global(none, "sys", "path", &v, &err));
  FAILS(status, "interpreter", execmon_set_global(none, "sys", "path", v, &err));
  FAILS(status, "interpreter", execmon_set_recursion_limit(none, 1, &err));
  FAILS(status, "interpreter", execmon_set_memory_ceiling(none, 1, &err));
  FAILS(status, "interpreter", execmon_set_instruction_budget(none, 1, &err));
  FAILS(status, "interpreter", execmon_interrupt(none, &err));
  FAILS(status, "interpreter", execmon_set_output(none, NULL, NULL, NULL, &err));
  FAILS(status, "interpreter", execmon_set_code_hook(none, NULL, NULL, NULL, &err));
  FAILS(status, "interpreter", execmon_add_function(none, "x", "x", NULL, NULL, NULL, &err));
  FAILS(status, "interpreter", execmon_set_callback_error(none, NULL, &err));
  CHECK(v == NULL);
}

static void an_interpreter_must_be_one(void) {
  without_interp(NULL, EXECMON_STATUS_NULL);
  without_interp((execmon_interp *)no_handle(), EXECMON_STATUS_HANDLE);
  begin();
  without_interp((execmon_interp *)execmon_interp_monitor(py), EXECMON_STATUS_HANDLE);
  end();
  without_interp(py, EXECMON_STATUS_HANDLE);
}

int main(void) {
  RUN(they_are_made);
  RUN(they_are_read);
  RUN(they_are_converted);
  RUN(items_and_attributes);
  RUN(iteration_ends);
  RUN(calls_with_keywords);
  RUN(comparing_and_hashing);
  RUN(code_of_functions);
  RUN(code_is_forgotten_when_no_tool_is_in_use);
  RUN(a_value_must_be_one);
  RUN(an_interpreter_must_be_one);
  return finish();
}
