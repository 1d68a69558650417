/* Re-entrancy: everything that a host may do, done from everywhere that a host is called. */
#include "python.h"

#include <unistd.h>

/* ---- where the host is called from */

typedef enum {
  FROM_LINE, FROM_CALL, FROM_C_RETURN, FROM_RAISE, FROM_UNWIND, FROM_FUNCTION, FROM_WRITE, FROM_FLUSH, FROM_AUDIT,
  FROM_CODE_HOOK, FROM_DROP_OF_CALLBACK, FROM_DROP_OF_FUNCTION, FROM_DROP_OF_OUTPUT, FROM_DROP_OF_HOOK, FROM_FINALIZER,
  PLACES
} place;

static const char *const place_names[PLACES] = {
    "LINE", "CALL", "C_RETURN", "RAISE", "PY_UNWIND", "function", "write", "flush", "audit hook", "code hook",
    "drop of callback", "drop of function", "drop of output", "drop of hook", "finalizer",
};

/* The program passes every place. */
static const char program[] =
    "import sys\n"
    "def inner(n):\n"
    "    if n: raise KeyError(n)\n"
    "    return len('abc')\n"
    "class Dying:\n"
    "    def __del__(self): host.finalizer()\n"
    "def outer():\n"
    "    data = {i: str(i) for i in range(20)}\n"
    "    inner(0)\n"
    "    host.function(1, 'two')\n"
    "    try: inner(1)\n"
    "    except KeyError: data['caught'] = True\n"
    "    Dying()\n"
    "    print('hello', flush=True)\n"
    "    sys.stdout.flush()\n"
    "    if hasattr(host, 'doomed'): del host.doomed\n"
    "    return sum(len(s) for s in data.values() if s is not True)\n"
    "result = outer()\n";

static int32_t count; /* of actions done */
static int armed;     /* do the action at the next chance */
static void (*action)(void);

static void act(void) {
  if (armed) {
    armed = 0;
    count++;
    action();
  }
}

static execmon_action on_event(const execmon_event *event, void *user) {
  (void)event, (void)user;
  act();
  CHECK(execmon_code_name(event->code) != NULL);
  return EXECMON_CONTINUE;
}

static int function(execmon_interp *interp, execmon_value *const *args, size_t n, execmon_value **result,
                    execmon_error **error, void *user) {
  int64_t number = 0;
  (void)interp, (void)result, (void)error;
  if (user) act();
  if (n == 2) {
    OK(execmon_value_int(args[0], &number, &err));
    CHECK_INT(number, 1);
  }
  return EXECMON_OK;
}

static int on_write(int stream, const char *bytes, size_t length, void *user) {
  (void)stream, (void)bytes;
  if ((user != NULL) == (length != 0)) act();
  return 0;
}

static execmon_action on_audit(const char *event, int registers, execmon_callback callback, void *callback_user,
                               void *user) {
  (void)event, (void)registers, (void)callback, (void)callback_user, (void)user;
  act();
  return EXECMON_CONTINUE;
}

static void on_code(execmon_code *code, void *user) {
  (void)code, (void)user;
  act();
}

static void on_drop(void *user) {
  (void)user;
  act();
}

/* ---- what the host does there */

static int gone; /* the interpreter has been freed */

static void runs_python(void) {
  OK(execmon_run_string(py, "other", "x = [i * i for i in range(10)]\n", 31, &err));
  REPR(eval("sum(n for n in (1, 2, 3))"), "6");
}

static void runs_the_program(void) {
  OK(execmon_run_string(py, "again", program, sizeof program - 1, &err));
}

static void raises(void) {
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_run_string(py, "other", "1/0\n", 4, &err));
  CHECK_TEXT(execmon_error_type(err), "ZeroDivisionError");
  GIVES(EXECMON_OK, execmon_set_callback_error(py, err, NULL));
  execmon_error_free(err), err = NULL;
}

static void makes_and_releases(void) {
  execmon_value *items[8], *list;
  for (int i = 0; i < 8; i++) OK(execmon_make_int(py, i, &items[i], &err));
  OK(execmon_make_list(py, items, 8, &list, &err));
  for (int i = 0; i < 8; i++) GIVES(EXECMON_OK, execmon_value_release(items[i]));
  REPR(list, "[0, 1, 2, 3, 4, 5, 6, 7]");
}

static void frees_the_tool(void) {
  OK(execmon_free_tool_id(execmon_interp_monitor(py), 0, &err));
  OK(execmon_use_tool_id(execmon_interp_monitor(py), 0, "again", &err));
}

static void clears_and_restarts(void) {
  OK(execmon_restart_events(execmon_interp_monitor(py), &err));
  OK(execmon_clear_tool_id(execmon_interp_monitor(py), 0, &err));
}

static void sets_events(void) {
  execmon_monitor *monitor = execmon_interp_monitor(py);
  execmon_value *f = eval("len");
  execmon_code *code = NULL;
  FAILS(EXECMON_STATUS_TYPE, "function", execmon_value_code(f, &code, &err));
  execmon_value_release(f);
  OK(execmon_set_events(monitor, 0, EXECMON_EVENT_LINE | EXECMON_EVENT_INSTRUCTION | EXECMON_EVENT_CALL, &err));
  OK(execmon_run_string(py, "other", "def g(): return 1\n", 18, &err));
  OK(execmon_get_global(py, "other", "g", &f, &err));
  OK(execmon_value_code(f, &code, &err));
  OK(execmon_set_local_events(monitor, 0, code, EXECMON_EVENT_PY_START, &err));
  execmon_value_release(f);
  GIVES(EXECMON_OK, execmon_code_release(code));
}

static void registers(void) {
  execmon_monitor *monitor = execmon_interp_monitor(py);
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, on_event, NULL, NULL, &err));
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_CALL, NULL, NULL, NULL, &err));
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_RAISE, on_event, NULL, NULL, &err));
}

static void replaces_hooks(void) {
  OK(execmon_set_output(py, on_write, NULL, NULL, &err));
  OK(execmon_set_code_hook(py, on_code, NULL, NULL, &err));
  OK(execmon_set_audit_hook(execmon_interp_monitor(py), on_audit, NULL, NULL, &err));
  OK(execmon_add_function(py, "host", "late", function, NULL, NULL, &err));
  OK(execmon_add_function(py, "host", "function", function, NULL, NULL, &err)); /* perhaps the one that runs */
}

static void interrupts(void) {
  OK(execmon_interrupt(py, &err));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_run_string(py, "other", "def f(): pass\nf()\n", 18, &err));
  CHECK_TEXT(execmon_error_type(err), "KeyboardInterrupt");
  execmon_error_free(err), err = NULL;
}

static void exhausts_limits(void) {
  static const char *const endless[] = {"x = [0] * 10 ** 10\n", "def f(): f()\nf()\n", "while True: pass\n"};
  OK(execmon_set_memory_ceiling(py, (size_t)64 << 20, &err));
  OK(execmon_set_recursion_limit(py, 100, &err));
  OK(execmon_set_instruction_budget(py, 10000, &err));
  for (size_t i = 0; i < COUNT_OF(endless); i++) {
    GIVES(EXECMON_STATUS_EXCEPTION, execmon_run_string(py, "other", endless[i], strlen(endless[i]), &err));
    execmon_error_free(err), err = NULL;
  }
  OK(execmon_set_instruction_budget(py, 0, &err));
  OK(execmon_set_memory_ceiling(py, 0, &err));
  OK(execmon_set_recursion_limit(py, 1000, &err));
}

static void frees_the_interpreter(void) {
  execmon_value *value = NULL;
  OK(execmon_make_int(py, 5, &value, &err));
  GIVES(EXECMON_OK, execmon_interp_free(py));
  gone = 1;
  GIVES(EXECMON_STATUS_HANDLE, execmon_interp_free(py));
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_run_string(py, "test", "", 0, &err));
  execmon_value_release(value);
}

static void makes_another(void) {
  execmon_interp *outer = py;
  OK(execmon_interp_new(NULL, &py, &err));
  runs_python();
  GIVES(EXECMON_OK, execmon_interp_free(py));
  py = outer;
}

static void (*const actions[])(void) = {
    runs_python, runs_the_program, raises, makes_and_releases, frees_the_tool, clears_and_restarts, sets_events,
    registers, replaces_hooks, interrupts, exhausts_limits, frees_the_interpreter, makes_another,
};
static const char *const action_names[] = {
    "runs Python", "runs the program", "raises", "makes and releases", "frees the tool", "clears and restarts",
    "sets events", "registers", "replaces hooks", "interrupts", "exhausts limits", "frees the interpreter",
    "makes another",
};

/* ---- each from each */

static void watch_for(place from) {
  static const int64_t events[] = {EXECMON_EVENT_LINE, EXECMON_EVENT_CALL, EXECMON_EVENT_C_RETURN,
                                   EXECMON_EVENT_RAISE, EXECMON_EVENT_PY_UNWIND};
  execmon_monitor *monitor = execmon_interp_monitor(py);
  int64_t event = from <= FROM_UNWIND ? events[from] : 0, set = event;
  OK(execmon_use_tool_id(monitor, 0, "reenter", &err));
  if (event == 0) return;
  if (event == EXECMON_EVENT_C_RETURN) set |= EXECMON_EVENT_CALL | EXECMON_EVENT_C_RAISE;
  OK(execmon_register_callback(monitor, 0, event, on_event, NULL, NULL, &err));
  OK(execmon_set_events(monitor, 0, set, &err));
}

static void one(place from, size_t what) {
  static char yes;
  int before = check_failures;
  action = actions[what], count = 0, armed = 0, gone = 0;
  OK(execmon_interp_new(NULL, &py, &err));
  OK(execmon_set_output(py, on_write, NULL, NULL, &err));
  OK(execmon_run_string(py, "test", "host = __import__('sys')\n", 25, &err));
  OK(execmon_add_function(py, "host", "function", function, from == FROM_FUNCTION ? &yes : NULL, NULL, &err));
  OK(execmon_add_function(py, "host", "finalizer", function, from == FROM_FINALIZER ? &yes : NULL, NULL, &err));
  OK(execmon_add_function(py, "host", "doomed", function, NULL, from == FROM_DROP_OF_FUNCTION ? on_drop : NULL, &err));
  OK(execmon_run_string(py, "test", "import host\n", 12, &err));
  OK(execmon_run_string(py, "again", "import host\n", 12, &err));
  watch_for(from);
  if (from == FROM_CODE_HOOK) OK(execmon_set_code_hook(py, on_code, NULL, NULL, &err));
  if (from == FROM_WRITE) OK(execmon_set_output(py, on_write, &yes, NULL, &err));
  if (from == FROM_DROP_OF_OUTPUT) OK(execmon_set_output(py, on_write, NULL, on_drop, &err));
  if (from == FROM_DROP_OF_HOOK) OK(execmon_set_code_hook(py, on_code, NULL, on_drop, &err));
  if (from == FROM_DROP_OF_CALLBACK) {
    OK(execmon_register_callback(execmon_interp_monitor(py), 0, EXECMON_EVENT_JUMP, on_event, NULL, on_drop, &err));
  }
  if (from == FROM_AUDIT) OK(execmon_set_audit_hook(execmon_interp_monitor(py), on_audit, NULL, NULL, &err));
  armed = 1;
  if (from == FROM_DROP_OF_OUTPUT) OK(execmon_set_output(py, NULL, NULL, NULL, &err));
  if (from == FROM_DROP_OF_HOOK) OK(execmon_set_code_hook(py, NULL, NULL, NULL, &err));
  if (from == FROM_DROP_OF_CALLBACK || from == FROM_AUDIT) {
    OK(execmon_register_callback(execmon_interp_monitor(py), 0, EXECMON_EVENT_JUMP, NULL, NULL, NULL, &err));
  }
  if (from == FROM_DROP_OF_OUTPUT && !gone) OK(execmon_set_output(py, on_write, NULL, NULL, &err));
  if (!gone) {
    OK(execmon_run_string(py, "test", program, sizeof program - 1, &err));
    CHECK_INT(count, 1);
  }
  if (!gone) {
    REPR(eval("result"), "30");
    GIVES(EXECMON_OK, execmon_interp_free(py));
  }
  GIVES(EXECMON_STATUS_HANDLE, execmon_interp_free(py));
  if (check_failures != before) printf("FAIL %s, from %s\n", action_names[what], place_names[from]);
}

static size_t stride = 1; /* of the combinations that are tried, because valgrind takes its time */

static void everything_from_everywhere(void) {
  for (size_t n = 0; n < PLACES * COUNT_OF(actions); n += stride) {
    one((place)(n / COUNT_OF(actions)), n % COUNT_OF(actions));
  }
}

/* ---- endless recursion by way of the host */

static execmon_status deepest;

static int write_again(int stream, const char *bytes, size_t length, void *user) {
  (void)stream, (void)bytes, (void)user;
  if (length) {
    execmon_status status = execmon_run_string(py, "test", "print('deeper')\n", 16, NULL);
    if (status != EXECMON_OK) deepest = status;
  }
  return 0;
}

static void endless_recursion_ends(void) {
  deepest = EXECMON_OK;
  begin();
  OK(execmon_set_output(py, write_again, NULL, NULL, &err));
  OK(run("print('first')\n"));
  CHECK(deepest == EXECMON_STATUS_EXCEPTION || deepest == EXECMON_STATUS_MEMORY);
  OK(execmon_set_output(py, NULL, NULL, NULL, &err));
  REPR(eval("1 + 1"), "2");
  end();
}

/* ---- drop functions of what dies while the program runs */

static int dropped;

static void drop_and_look(void *user) {
  ++*(int *)user;
  REPR(eval("6 * 7"), "42"); /* the interpreter can be used */
}

static void functions_die_when_they_can(void) {
  begin();
  dropped = 0;
  OK(execmon_add_function(py, "host", "f", function, &dropped, drop_and_look, &err));
  OK(run("import host\nbox = {'f': host.f}\ndel host.f\n"));
  CHECK_INT(dropped, 0);
  OK(run("box.clear()\n"));
  CHECK_INT(dropped, 1);
  end();
}

int main(int argc, char **argv) {
  if (argc > 1) stride = (size_t)atoi(argv[1]);
  alarm(600);
  RUN(everything_from_everywhere);
  RUN(endless_recursion_ends);
  RUN(functions_die_when_they_can);
  return finish();
}
