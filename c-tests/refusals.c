/* What each function refuses, and with which status, where no other test tells. */
#include "host.h"
#include "python.h"

static void errors(void) {
  GIVES(EXECMON_STATUS_NULL, execmon_error_status(NULL));
  GIVES(EXECMON_STATUS_HANDLE, execmon_error_status((execmon_error *)no_handle()));
  GIVES(EXECMON_OK, execmon_error_new("KeyError", "k", &err));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_error_status(err));
  GIVES(EXECMON_OK, execmon_error_free(err));
  GIVES(EXECMON_STATUS_HANDLE, execmon_error_status(err));
  err = NULL;
}

static void code_objects(void) {
  execmon_code_spec spec = a_spec();
  execmon_location backwards[2] = {locations[1], locations[0]}, nowhere = locations[0];
  execmon_code *made = NULL, *python = NULL;
  execmon_value *f;
  void *host = NULL;
  start();
  spec.size = 55;
  FAILS(EXECMON_STATUS_VALUE, "size", execmon_register_code(monitor, &spec, &made, &err));
  spec = a_spec(), spec.name = "\xff";
  FAILS(EXECMON_STATUS_TEXT, "the name", execmon_register_code(monitor, &spec, &made, &err));
  spec = a_spec(), spec.locations = backwards, spec.location_count = 2;
  FAILS(EXECMON_STATUS_VALUE, "", execmon_register_code(monitor, &spec, &made, &err));
  nowhere.events = EXECMON_EVENT_JUMP, nowhere.jump = 5;
  spec.locations = &nowhere, spec.location_count = 1;
  FAILS(EXECMON_STATUS_VALUE, "5", execmon_register_code(monitor, &spec, &made, &err));
  spec = a_spec(), spec.location_count = SIZE_MAX;
  FAILS(EXECMON_STATUS_MEMORY, "too many", execmon_register_code(monitor, &spec, &made, &err));
  FAILS(EXECMON_STATUS_NULL, "spec", execmon_register_code(monitor, NULL, &made, &err));
  FAILS(EXECMON_STATUS_NULL, "code object", execmon_code_retain(NULL, &err));
  FAILS(EXECMON_STATUS_HANDLE, "code object", execmon_code_disarm((execmon_code *)thread, &err));

  begin();
  OK(run("def f(): return 1\n"));
  f = eval("f");
  OK(execmon_value_code(f, &python, &err));
  FAILS(EXECMON_STATUS_STATE, "interpreter", execmon_code_host(python, &host, &err));
  FAILS(EXECMON_STATUS_STATE, "interpreter", execmon_code_renew(python, &err));
  FAILS(EXECMON_STATUS_STATE, "interpreter", execmon_code_disarm(python, &err));
  FAILS(EXECMON_STATUS_STATE, "interpreter", execmon_enter(thread, python, &err));
  FAILS(EXECMON_STATUS_STATE, "interpreter",
        execmon_deliver(thread, python, 0, EXECMON_EVENT_PY_START, NULL, &err));
  GIVES(EXECMON_OK, execmon_code_release(python));
  GIVES(EXECMON_STATUS_STATE, execmon_code_release(python)); /* the interpreter's still */
  execmon_value_release(f);
  end();
  GIVES(EXECMON_STATUS_HANDLE, execmon_code_release(python));
  stop();
}

static void firing(void) {
  static execmon_action disable = 1;
  execmon_payload payload = execmon_fire_payload(&disable, NULL, &disable);
  uint8_t follow = 9;
  start();
  watch(2, EXECMON_EVENT_RAISE | EXECMON_EVENT_CALL, &disable);
  OK(execmon_enter(thread, code, &err));
  FAILS(EXECMON_STATUS_CANNOT_DISABLE, "Cannot disable RAISE",
        execmon_deliver(thread, code, AT_RETURN, EXECMON_EVENT_RAISE, &payload, &err));
  OK(execmon_deliver_begin(thread, code, AT_LINE_2, 1, 1, &err));
  OK(execmon_deliver_call(thread, code, AT_CALL, &payload, &follow, &err));
  CHECK_INT(follow, 0); /* it has no C_RETURN */
  OK(execmon_deliver_return(thread, code, AT_CALL, EXECMON_EVENT_C_RETURN, &payload, follow, &err));
  FAILS(EXECMON_STATUS_NULL, "follow", execmon_deliver_call(thread, code, AT_CALL, &payload, NULL, &err));
  FAILS(EXECMON_STATUS_VALUE, "", execmon_deliver_begin(thread, code, 99, 1, 0, &err));
  FAILS(EXECMON_STATUS_VALUE, "",
        execmon_deliver_return(thread, code, AT_CALL, EXECMON_EVENT_LINE, &payload, follow, &err));
  OK(execmon_exit(thread, &err));
  GIVES(EXECMON_STATUS_HANDLE, execmon_set_audit_hook((execmon_monitor *)thread, NULL, NULL, NULL, NULL));
  stop();
}

/* ---- the values of an event, which only its callback can ask for */

static execmon_event kept;
static int asked;

static execmon_action ask(const execmon_event *event, void *user) {
  execmon_value *value = NULL;
  (void)user;
  if (event->event == EXECMON_EVENT_CALL && asked++ == 0) {
    OK(execmon_event_callable(event, &value, &err));
    REPR(value, "<built-in function len>");
    OK(execmon_event_arg0(event, &value, &err));
    REPR(value, "'abc'");
    FAILS(EXECMON_STATUS_END, "no such value", execmon_event_value(event, &value, &err));
    FAILS(EXECMON_STATUS_NULL, "result", execmon_event_callable(event, NULL, &err));
    kept = *event;
    FAILS(EXECMON_STATUS_HANDLE, "callback", execmon_event_callable(&kept, &value, &err)); /* a copy */
    OK(execmon_event_callable(event, &value, &err));
    execmon_value_release(value);
  } else if (event->event == EXECMON_EVENT_PY_RETURN) {
    FAILS(EXECMON_STATUS_END, "no such value", execmon_event_callable(event, &value, &err));
    FAILS(EXECMON_STATUS_END, "no such value", execmon_event_arg0(event, &value, &err));
  }
  return EXECMON_CONTINUE;
}

static execmon_action ask_foreign(const execmon_event *event, void *user) {
  execmon_value *value = NULL;
  (void)user;
  FAILS(EXECMON_STATUS_HANDLE, "no event of a Python program", execmon_event_callable(event, &value, &err));
  FAILS(EXECMON_STATUS_HANDLE, "no event of a Python program", execmon_event_arg0(event, &value, &err));
  return EXECMON_CONTINUE;
}

static void events_and_their_values(void) {
  execmon_monitor *its;
  execmon_value *value = NULL;
  begin();
  its = execmon_interp_monitor(py);
  OK(execmon_use_tool_id(its, 0, "ask", &err));
  OK(execmon_register_callback(its, 0, EXECMON_EVENT_CALL, ask, NULL, NULL, &err));
  OK(execmon_register_callback(its, 0, EXECMON_EVENT_PY_RETURN, ask, NULL, NULL, &err));
  OK(execmon_set_events(its, 0, EXECMON_EVENT_CALL | EXECMON_EVENT_PY_RETURN, &err));
  OK(run("len('abc')\n"));
  CHECK_INT(asked, 1);
  FAILS(EXECMON_STATUS_HANDLE, "callback", execmon_event_arg0(&kept, &value, &err));
  end();
  start();
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_PY_START, ask_foreign, NULL, NULL, &err));
  OK(execmon_use_tool_id(monitor, 0, "ask", &err));
  OK(execmon_set_events(monitor, 0, EXECMON_EVENT_PY_START, &err));
  OK(execmon_enter(thread, code, &err));
  OK(execmon_fire_start(&view, thread, AT_START, &err));
  OK(execmon_exit(thread, &err));
  stop();
}

/* ---- interpreters and values */

static int function(execmon_interp *interp, execmon_value *const *args, size_t count, execmon_value **result,
                    execmon_error **error, void *user) {
  (void)interp, (void)args, (void)count, (void)result, (void)error, (void)user;
  return EXECMON_OK;
}

static void interpreters(void) {
  execmon_interp *none = (execmon_interp *)no_handle(), *other = NULL;
  const char *const bad[] = {NULL};
  execmon_config config;
  execmon_value *value = NULL, *stranger = NULL, *list;
  int32_t truth = 0;
  size_t length;
  memset(&config, 0, sizeof config);
  config.size = sizeof config, config.path = bad, config.path_count = 1;
  FAILS(EXECMON_STATUS_NULL, "folder", execmon_interp_new(&config, &other, &err));
  begin();
  OK(execmon_interp_new(NULL, &other, &err));
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_set_output(none, NULL, NULL, NULL, &err));
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_set_code_hook(none, NULL, NULL, NULL, &err));
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_set_recursion_limit(none, 1, &err));
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_set_memory_ceiling(none, 1, &err));
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_set_instruction_budget(none, 1, &err));
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_make_bool(none, 1, &value, &err));
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_make_int(none, 1, &value, &err));
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_make_float(none, 1, &value, &err));
  FAILS(EXECMON_STATUS_NULL, "result", execmon_make_bytes(py, NULL, 0, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "data", execmon_make_bytes(py, NULL, 5, &value, &err));
  FAILS(EXECMON_STATUS_MEMORY, "the data cannot have", execmon_make_bytes(py, NULL, SIZE_MAX, &value, &err));
  OK(execmon_set_memory_ceiling(py, (size_t)32 << 20, &err));
  FAILS(EXECMON_STATUS_MEMORY, "the text cannot have", execmon_make_str(py, "", (size_t)1 << 40, &value, &err));
  FAILS(EXECMON_STATUS_MEMORY, "values cannot have", execmon_make_tuple(py, NULL, (size_t)1 << 40, &value, &err));
  OK(execmon_set_memory_ceiling(py, 0, &err));

  OK(execmon_eval_string(py, "test", "[1, 2]", 6, &list, &err));
  FAILS(EXECMON_STATUS_EXCEPTION, "", execmon_eval_string(py, "test", "[1,", 3, &value, &err));
  FAILS(EXECMON_STATUS_NULL, "value", execmon_value_retain(NULL, &value, &err));
  FAILS(EXECMON_STATUS_HANDLE, "value", execmon_value_type_name((execmon_value *)py, NULL, 0, &length, &err));
  OK(execmon_make_int(other, 1, &stranger, &err));
  FAILS(EXECMON_STATUS_FOREIGN, "another interpreter", execmon_value_get_item(list, stranger, &value, &err));
  FAILS(EXECMON_STATUS_FOREIGN, "another interpreter", execmon_value_is(list, stranger, &truth, &err));
  OK(run("def leave(): raise SystemExit(4)\n"));
  FAILS(EXECMON_STATUS_EXIT, "4", execmon_call(py, "test", "leave", NULL, 0, NULL, &err));
  FAILS(EXECMON_STATUS_FOREIGN, "another", execmon_call(py, "test", "leave", &stranger, 1, NULL, &err));
  GIVES(EXECMON_OK, execmon_interp_free(other));
  FAILS(EXECMON_STATUS_HANDLE, "value", execmon_call(py, "test", "leave", &stranger, 1, NULL, &err));
  OK(run("import sys\nsys.modules['odd'] = 5\n"));
  FAILS(EXECMON_STATUS_EXCEPTION, "attribute", execmon_add_function(py, "odd", "f", function, NULL, NULL, &err));

  OK(execmon_value_has_attr(list, "append", &truth, &err));
  CHECK_INT(truth, 1);
  OK(execmon_value_has_attr(list, "appendix", &truth, &err));
  CHECK_INT(truth, 0);
  FAILS(EXECMON_STATUS_NULL, "name", execmon_value_has_attr(list, NULL, &truth, &err));
  OK(execmon_value_call_method(list, "append", &list, 1, NULL, &err));
  OK(execmon_value_call_method(list, "pop", NULL, 0, &value, &err));
  OK(execmon_value_is(value, list, &truth, &err));
  CHECK_INT(truth, 1);
  execmon_value_release(value);
  FAILS(EXECMON_STATUS_EXCEPTION, "no attribute", execmon_value_call_method(list, "push", NULL, 0, &value, &err));
  value = eval("(int, list)");
  OK(execmon_value_is_instance(list, value, &truth, &err));
  CHECK_INT(truth, 1);
  OK(execmon_value_is_instance(value, value, &truth, &err));
  CHECK_INT(truth, 0);
  FAILS(EXECMON_STATUS_EXCEPTION, "arg 2", execmon_value_is_instance(list, list, &truth, &err));
  execmon_value_release(value);
  execmon_value_release(list);
  OK(execmon_terminate(py, &err));
  FAILS(EXECMON_STATUS_TERMINATED, "terminated", execmon_run_string(py, "test", "x = 1", EXECMON_NUL_TERMINATED, &err));
  FAILS(EXECMON_STATUS_NULL, "source", execmon_run_string(py, "test", NULL, EXECMON_NUL_TERMINATED, &err));
  OK(execmon_make_str(py, "caf\xc3\xa9", EXECMON_NUL_TERMINATED, &value, &err));
  REPR(value, "'caf\xc3\xa9'");
  end();
}

int main(void) {
  RUN(errors);
  RUN(code_objects);
  RUN(firing);
  RUN(events_and_their_values);
  RUN(interpreters);
  return finish();
}
