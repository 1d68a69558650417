/* Functions of the host, and callbacks of a running Python program. */
#include "python.h"

static int sum(execmon_interp *interp, execmon_value *const *args, size_t count, execmon_value **result,
               execmon_error **error, void *user) {
  int64_t total = 0;
  CHECK(interp == py);
  ++*(int *)user;
  for (size_t i = 0; i < count; i++) {
    int64_t number;
    execmon_status status = execmon_value_int(args[i], &number, error);
    if (status != EXECMON_OK) return status;
    total += number;
  }
  return execmon_make_int(interp, total, result, error);
}

static int refuse(execmon_interp *interp, execmon_value *const *args, size_t count, execmon_value **result,
                  execmon_error **error, void *user) {
  (void)interp, (void)args, (void)count, (void)result;
  if (user) execmon_error_new((const char *)user, "not today", error);
  return EXECMON_STATUS_VALUE;
}

static int call_back(execmon_interp *interp, execmon_value *const *args, size_t count, execmon_value **result,
                     execmon_error **error, void *user) {
  (void)interp, (void)user;
  return count == 0 ? EXECMON_OK : (int)execmon_value_call(args[0], args + 1, count - 1, NULL, NULL, 0, result, error);
}

static int nothing(execmon_interp *interp, execmon_value *const *args, size_t count, execmon_value **result,
                   execmon_error **error, void *user) {
  (void)interp, (void)args, (void)count, (void)result, (void)error, (void)user;
  return EXECMON_OK;
}

static void the_program_calls_the_host(void) {
  int calls = 0;
  char name[] = "ValueError", unknown[] = "NoSuchError";
  begin();
  OK(execmon_add_function(py, "host", "sum", sum, &calls, NULL, &err));
  OK(execmon_add_function(py, "host", "refuse", refuse, name, NULL, &err));
  OK(execmon_add_function(py, "host", "unknown", refuse, unknown, NULL, &err));
  OK(execmon_add_function(py, "host", "silent", refuse, NULL, NULL, &err));
  OK(execmon_add_function(py, "host", "call", call_back, NULL, NULL, &err));
  OK(execmon_add_function(py, "host", "nothing", nothing, NULL, NULL, &err));
  OK(run("import host\n"
         "from host import call\n"
         "print(host.sum(1, 2, 3), host.nothing(), call(lambda a, b: a * b, 6, 7))\n"
         "def attempt(f, *args):\n"
         "    try:\n"
         "        return f(*args)\n"
         "    except Exception as e:\n"
         "        return type(e).__name__ + ': ' + str(e)\n"
         "print(attempt(host.refuse))\n"
         "print(attempt(host.unknown))\n"
         "print(attempt(host.silent))\n"
         "print(attempt(host.sum, 'x'))\n"
         "print(attempt(call, lambda: 1 / 0))\n"
         "print(attempt(call, call, call, host.sum, 5))\n"));
  CHECK_TEXT(written,
             "6 None 42\nValueError: not today\nRuntimeError: not today\n"
             "RuntimeError: a function of the host failed with status 3\n"
             "TypeError: the value is no int but 'str'\nZeroDivisionError: division by zero\n5\n");
  CHECK_INT(calls, 3);
  FAILS(EXECMON_STATUS_NULL, "the function is NULL", execmon_add_function(py, "host", "f", NULL, NULL, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "the module", execmon_add_function(py, NULL, "f", sum, NULL, NULL, &err));
  FAILS(EXECMON_STATUS_TEXT, "the name", execmon_add_function(py, "host", "\xff", sum, NULL, NULL, &err));
  end();
}

static void endless_recursion_through_the_host_ends(void) {
  begin();
  OK(execmon_set_recursion_limit(py, 100000, &err));
  OK(execmon_add_function(py, "host", "call", call_back, NULL, NULL, &err));
  GIVES(EXECMON_STATUS_EXCEPTION, run("from host import call\ndef f(): return call(f)\nf()\n"));
  CHECK_TEXT(execmon_error_type(err), "RecursionError");
  execmon_error_free(err), err = NULL;
  REPR(eval("call(len, 'fine')"), "4");
  end();
}

static void its_user_is_dropped(void) {
  int dropped = 0;
  begin();
  OK(execmon_add_function(py, "host", "sum", sum, &dropped, count_drop, &err));
  OK(run("import host\ndel host.sum\n"));
  CHECK_INT(dropped, 1);
  OK(execmon_add_function(py, "host", "sum", sum, &dropped, count_drop, &err));
  end();
  CHECK_INT(dropped, 2);
}

static execmon_value *kept_arg;

static int keep(execmon_interp *interp, execmon_value *const *args, size_t count, execmon_value **result,
                execmon_error **error, void *user) {
  (void)interp, (void)count, (void)result, (void)user;
  *(execmon_value **)user = args[0];
  return execmon_value_retain(args[0], &kept_arg, error);
}

static void arguments_are_borrowed(void) {
  execmon_value *borrowed = NULL;
  execmon_type type;
  begin();
  OK(execmon_add_function(py, "host", "keep", keep, &borrowed, NULL, &err));
  OK(run("import host\nhost.keep([1])\n"));
  FAILS(EXECMON_STATUS_HANDLE, "value", execmon_value_type(borrowed, &type, &err));
  REPR(kept_arg, "[1]");
  end();
}

static int free_interp(execmon_interp *interp, execmon_value *const *args, size_t count, execmon_value **result,
                       execmon_error **error, void *user) {
  (void)args, (void)count, (void)result, (void)error, (void)user;
  GIVES(EXECMON_OK, execmon_interp_free(interp));
  GIVES(EXECMON_STATUS_HANDLE, execmon_interp_free(interp));
  GIVES(EXECMON_STATUS_HANDLE, execmon_run_string(interp, "x", "", 0, NULL));
  return EXECMON_OK;
}

static void a_function_may_free_its_interpreter(void) {
  int dropped = 0;
  begin();
  OK(execmon_add_function(py, "host", "free", free_interp, NULL, NULL, &err));
  OK(execmon_add_function(py, "host", "other", nothing, &dropped, count_drop, &err));
  OK(run("import host\nhost.free()\nprint('goes on')\nx = [host.other() for i in range(3)]\n"));
  CHECK_INT(dropped, 1);
  CHECK(strstr(written, "goes on"));
  GIVES(EXECMON_STATUS_HANDLE, execmon_interp_free(py));
}

/* Callbacks of events. */

static char journal[4096];

static void note(const char *text) {
  size_t used = strlen(journal);
  snprintf(journal + used, sizeof journal - used, "%s%s", used ? " " : "", text);
}

static void note_value(execmon_value *value) {
  execmon_value *repr = NULL;
  const char *text = NULL;
  if (execmon_value_repr(value, &repr, NULL) == EXECMON_OK && execmon_value_text(repr, &text, NULL, NULL) == EXECMON_OK) {
    note(text);
  }
  execmon_value_release(repr);
  execmon_value_release(value);
}

static execmon_action on_event(const execmon_event *event, void *user) {
  char line[80];
  execmon_value *value = NULL;
  (void)user;
  CHECK(event->monitor == execmon_interp_monitor(py));
  CHECK(event->thread == NULL);
  snprintf(line, sizeof line, "%s:%s:%d", execmon_event_name(event->event), execmon_code_name(event->code),
           (int)event->line);
  note(line);
  if (execmon_event_arg0(event, &value, NULL) == EXECMON_OK) note_value(value);
  if (execmon_event_value(event, &value, NULL) == EXECMON_OK) note_value(value);
  return EXECMON_CONTINUE;
}

static void watch(int64_t events, execmon_callback callback, void *user) {
  execmon_monitor *monitor = execmon_interp_monitor(py);
  journal[0] = 0;
  OK(execmon_use_tool_id(monitor, 0, "test", &err));
  OK(execmon_set_events(monitor, 0, events, &err));
  for (int bit = 0; bit <= 18; bit++) {
    if (events & (int64_t)1 << bit) {
      OK(execmon_register_callback(monitor, 0, (int64_t)1 << bit, callback, user, NULL, &err));
    }
  }
}

static void events_have_values(void) {
  begin();
  watch(EXECMON_EVENT_PY_START | EXECMON_EVENT_PY_RETURN | EXECMON_EVENT_CALL | EXECMON_EVENT_C_RETURN |
            EXECMON_EVENT_C_RAISE | EXECMON_EVENT_RAISE | EXECMON_EVENT_LINE,
        on_event, NULL);
  OK(run("def f(a):\n    return a + 1\nx = f(len('abc'))\ntry: int('q')\nexcept ValueError: pass\n"));
  CHECK_TEXT(journal,
             "PY_START:<module>:0 LINE:<module>:1 LINE:<module>:3 CALL:<module>:3 'abc' C_RETURN:<module>:3 'abc' 3 "
             "CALL:<module>:3 3 PY_START:f:1 LINE:f:2 PY_RETURN:f:2 4 LINE:<module>:4 CALL:<module>:4 'q' "
             "C_RAISE:<module>:4 'q' ValueError(\"invalid literal for int() with base 10: 'q'\") "
             "RAISE:<module>:4 ValueError(\"invalid literal for int() with base 10: 'q'\") LINE:<module>:5 "
             "PY_RETURN:<module>:5 None");
  end();
}

static const execmon_event *stale;

static execmon_action run_more(const execmon_event *event, void *user) {
  execmon_value *result = NULL;
  stale = event;
  ++*(int *)user;
  OK(execmon_call(py, "test", "helper", NULL, 0, &result, &err));
  REPR(result, "'helped'");
  OK(run("inner = [i * i for i in range(100)]\n"));
  GIVES(EXECMON_STATUS_EXCEPTION, run("1 / 0"));
  execmon_error_free(err), err = NULL;
  return EXECMON_DISABLE;
}

static void a_callback_may_run_python(void) {
  int events = 0;
  execmon_value *value;
  begin();
  OK(run("def helper(): return 'helped'\ndef work(n):\n    t = 0\n    for i in range(n):\n        t += i\n    return t\n"));
  watch(EXECMON_EVENT_LINE, run_more, &events);
  OK(run("r = work(10)\n"));
  CHECK_INT(events, 6); /* a loop has two locations that begin its line: before it, and where it jumps back to */
  FAILS(EXECMON_STATUS_HANDLE, "this is no event", execmon_event_value(stale, &value, &err));
  OK(execmon_free_tool_id(execmon_interp_monitor(py), 0, &err));
  REPR(eval("r"), "45");
  end();
}

static execmon_action raise_it(const execmon_event *event, void *user) {
  execmon_error *error = NULL;
  (void)event;
  if (user) {
    GIVES(EXECMON_OK, execmon_error_new((const char *)user, "from the tool", &error));
    OK(execmon_set_callback_error(py, error, &err));
    GIVES(EXECMON_OK, execmon_error_free(error));
  }
  return EXECMON_ERROR;
}

static void a_callback_may_raise(void) {
  char name[] = "LookupError";
  begin();
  OK(run("def f(): return 1\ndef attempt():\n  try: f()\n  except Exception as e: return repr(e)\n"));
  watch(EXECMON_EVENT_PY_RETURN, raise_it, name);
  OK(execmon_set_events(execmon_interp_monitor(py), 0, 0, &err));
  execmon_value *f = eval("f");
  execmon_code *code = NULL;
  OK(execmon_value_code(f, &code, &err));
  OK(execmon_set_local_events(execmon_interp_monitor(py), 0, code, EXECMON_EVENT_PY_RETURN, &err));
  REPR(eval("attempt()"), "\"LookupError('from the tool')\"");
  OK(execmon_register_callback(execmon_interp_monitor(py), 0, EXECMON_EVENT_PY_RETURN, raise_it, NULL, NULL, &err));
  REPR(eval("attempt()"), "\"RuntimeError('callback of tool 0 for PY_RETURN failed')\"");
  GIVES(EXECMON_OK, execmon_code_release(code));
  FAILS(EXECMON_STATUS_NULL, "error", execmon_set_callback_error(py, NULL, &err));
  GIVES(EXECMON_STATUS_NULL, execmon_error_new("ValueError", NULL, &err));
  GIVES(EXECMON_STATUS_NULL, execmon_error_new("ValueError", "x", NULL));
  end();
}

static execmon_action free_all(const execmon_event *event, void *user) {
  ++*(int *)user;
  CHECK(execmon_code_name(event->code) != NULL);
  GIVES(EXECMON_OK, execmon_interp_free(py));
  return EXECMON_DISABLE;
}

static void a_callback_may_free_its_interpreter(void) {
  int events = 0;
  begin();
  watch(EXECMON_EVENT_PY_START, free_all, &events);
  OK(run("def f(): return 1\n"));
  CHECK_INT(events, 1);
  GIVES(EXECMON_STATUS_HANDLE, execmon_interp_free(py));
}

static char hooked[512];

static void on_code(execmon_code *code, void *user) {
  CHECK(user == hooked);
  strcat(strcat(hooked, execmon_code_name(code)), " ");
  OK(execmon_run_string(py, "test", "def unseen(): pass\n", 19, &err));
}

static void the_code_hook_sees_all_code(void) {
  begin();
  hooked[0] = 0;
  OK(execmon_set_code_hook(py, on_code, hooked, NULL, &err));
  OK(run("def f():\n    def g(): pass\nclass C:\n    def m(self): return [x for x in self]\n"));
  CHECK(strstr(hooked, "<module> ") && strstr(hooked, "f ") && strstr(hooked, "g ") && strstr(hooked, "m ") && !strstr(hooked, "unseen "));
  OK(execmon_set_code_hook(py, NULL, NULL, NULL, &err));
  hooked[0] = 0;
  OK(run("x = 1"));
  CHECK_TEXT(hooked, "");
  end();
}

int main(void) {
  RUN(the_program_calls_the_host);
  RUN(endless_recursion_through_the_host_ends);
  RUN(its_user_is_dropped);
  RUN(arguments_are_borrowed);
  RUN(a_function_may_free_its_interpreter);
  RUN(events_have_values);
  RUN(a_callback_may_run_python);
  RUN(a_callback_may_raise);
  RUN(a_callback_may_free_its_interpreter);
  RUN(the_code_hook_sees_all_code);
  return finish();
}
