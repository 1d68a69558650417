#define _DEFAULT_SOURCE /* mkdtemp, usleep */
/* Interpreters: running, errors, limits, threads, ends. */
#include "python.h"

#include <pthread.h>
#include <unistd.h>

static void a_string_runs_in_its_module(void) {
  begin();
  OK(run("x = 6 * 7\nprint('x is', x)\n"));
  CHECK_TEXT(written, "x is 42\n");
  REPR(eval("x + 1"), "43");
  OK(run("x += 1"));
  REPR(eval("x"), "43");
  REPR(eval("__name__"), "'test'");
  end();
}

static const char *write_file(const char *name, const char *text) {
  FILE *file = fopen(name, "wb");
  if (!file || fputs(text, file) < 0 || fclose(file)) abort();
  return name;
}

static void a_file_runs_with_arguments_and_siblings(void) {
  static char folder[] = "/tmp/execmon-XXXXXX";
  const char *const args[] = {"one", "zw\xc3\xb6lf"};
  char script[64], sibling[64];
  CHECK(mkdtemp(folder) != NULL);
  snprintf(script, sizeof script, "%s/main.py", folder);
  snprintf(sibling, sizeof sibling, "%s/helper.py", folder);
  write_file(sibling, "def double(n):\n    return n + n\n");
  write_file(script, "import sys, helper\nprint(__name__, sys.argv[1:], helper.double(4))\n");
  begin();
  OK(execmon_run_file(py, script, 2, args, &err));
  CHECK_TEXT(written, "__main__ ['one', 'zw\xc3\xb6lf'] 8\n");
  write_file(script, "def f():\n    return 1 / 0\n\nf()\n");
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_run_file(py, script, 0, NULL, &err));
  CHECK_TEXT(execmon_error_type(err), "ZeroDivisionError");
  CHECK(execmon_error_traceback(err) && strstr(execmon_error_traceback(err), "main.py\", line 2, in f\n"));
  CHECK(strstr(execmon_error_traceback(err), "ZeroDivisionError: division by zero\n"));
  CHECK_INT(execmon_error_exit_status(err), 1);
  execmon_error_free(err), err = NULL;
  write_file(script, "def f(:\n");
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_run_file(py, script, 0, NULL, &err));
  CHECK_TEXT(execmon_error_type(err), "SyntaxError");
  execmon_error_free(err), err = NULL;
  write_file(script, "import sys\nsys.exit(3)\n");
  GIVES(EXECMON_STATUS_EXIT, execmon_run_file(py, script, 0, NULL, &err));
  CHECK_INT(execmon_error_exit_status(err), 3);
  execmon_error_free(err), err = NULL;
  end();
  unlink(script), unlink(sibling);
  rmdir(folder);
}

static void what_cannot_run_is_told(void) {
  begin();
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_run_file(py, "/nowhere/at/all.py", 0, NULL, &err));
  CHECK_TEXT(execmon_error_type(err), "FileNotFoundError");
  CHECK_INT(execmon_error_exit_status(err), 2);
  execmon_error_free(err), err = NULL;
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_run_file(py, "/", 0, NULL, NULL));
  FAILS(EXECMON_STATUS_EXCEPTION, "No such file or directory: '/no/\\udcff.py'",
        execmon_run_file(py, "/no/\xff.py", 0, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "the path is NULL", execmon_run_file(py, NULL, 0, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "argv is NULL", execmon_run_file(py, "x.py", 3, NULL, &err));
  FAILS(EXECMON_STATUS_MEMORY, "argv cannot have",
        execmon_run_file(py, "x.py", SIZE_MAX, (const char *const *)no_handle(), &err));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_run_string(py, "bad", "x = '\xff'", 8, NULL));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_run_string(py, "bad", "x = \0 1", 7, NULL));
  FAILS(EXECMON_STATUS_NULL, "the source is NULL", execmon_run_string(py, "bad", NULL, 7, &err));
  FAILS(EXECMON_STATUS_NULL, "the name is NULL", execmon_run_string(py, NULL, "x", 1, &err));
  OK(execmon_run_string(py, "empty", NULL, 0, &err));
  OK(run("works = 1"));
  end();
}

/* The system's file names and arguments are bytes. */
static void names_need_not_be_utf8(void) {
  const char *const args[] = {"\xc3\xa9", "b\xff\xfe"};
  const char *const path[] = {"/f\xf6lder"};
  char script[64];
  FILE *file;
  execmon_config config;
  memset(&config, 0, sizeof config);
  config.size = sizeof config, config.path = path, config.path_count = 1, config.write = write_down;
  snprintf(script, sizeof script, "/tmp/execmon-%ld-\xe9.py", (long)getpid());
  file = fopen(script, "w");
  CHECK(file != NULL);
  if (file == NULL) return;
  fputs("import sys, posix\n"
        "print(ascii(sys.argv[1:]), ascii(sys.path[-1]), ascii(__file__)[-11:], posix.stat(__file__).st_size > 0)\n"
        "1 / 0\n",
        file);
  fclose(file);
  written_length = 0;
  OK(execmon_interp_new(&config, &py, &err));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_run_file(py, script, 2, args, &err));
  CHECK_TEXT(written, "['\\xe9', 'b\\udcff\\udcfe'] '/f\\udcf6lder' -\\udce9.py' True\n");
  CHECK(strstr(execmon_error_traceback(err), "-\\udce9.py\", line 3, in <module>\n    1 / 0\n") != NULL);
  execmon_error_free(err), err = NULL;
  end();
  remove(script);
}

static void exceptions_have_values(void) {
  execmon_error *error;
  execmon_value *exception = NULL, *code = NULL;
  begin();
  GIVES(EXECMON_STATUS_EXCEPTION, run("class Odd(ValueError): pass\ne = Odd('no', 7)\nraise e\n"));
  CHECK_TEXT(execmon_error_type(err), "test.Odd");
  error = err, err = NULL;
  OK(execmon_error_value(error, &exception, &err));
  OK(execmon_value_get_attr(exception, "args", &code, &err));
  REPR(code, "('no', 7)");
  GIVES(EXECMON_OK, execmon_error_free(error));
  REPR(exception, "Odd('no', 7)");
  GIVES(EXECMON_STATUS_NULL, execmon_run_file(py, NULL, 0, NULL, &err));
  GIVES(EXECMON_STATUS_END, execmon_error_value(err, &exception, NULL));
  execmon_error_free(err), err = NULL;
  /* An error outlives its interpreter, its value does not. */
  GIVES(EXECMON_STATUS_EXCEPTION, run("1 / 0"));
  end();
  CHECK_TEXT(execmon_error_type(err), "ZeroDivisionError");
  GIVES(EXECMON_STATUS_HANDLE, execmon_error_value(err, &exception, NULL));
  execmon_error_free(err), err = NULL;
}

static void globals_and_calls(void) {
  execmon_value *number = NULL, *result = NULL, *args[2];
  begin();
  OK(run("def add(a, b=1): return a + b\ndef fail(): raise KeyError('k')\n"));
  OK(execmon_make_int(py, 41, &number, &err));
  OK(execmon_set_global(py, "test", "n", number, &err));
  REPR(eval("n"), "41");
  args[0] = number, args[1] = number;
  OK(execmon_call(py, "test", "add", args, 1, &result, &err));
  REPR(result, "42");
  OK(execmon_call(py, "test", "add", args, 2, NULL, &err));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_call(py, "test", "fail", NULL, 0, NULL, &err));
  CHECK_TEXT(execmon_error_type(err), "KeyError");
  execmon_error_free(err), err = NULL;
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_call(py, "test", "missing", NULL, 0, NULL, NULL));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_call(py, "no_such_module", "f", NULL, 0, NULL, NULL));
  FAILS(EXECMON_STATUS_NULL, "array of values", execmon_call(py, "test", "add", NULL, 1, NULL, &err));
  OK(execmon_get_global(py, "test", "n", &result, &err));
  REPR(result, "41");
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_get_global(py, "test", "absent", &result, NULL));
  OK(execmon_set_global(py, "made", "n", number, &err));
  OK(execmon_import(py, "made", &result, &err));
  GIVES(EXECMON_OK, execmon_value_release(result));
  OK(execmon_import(py, "math", &result, &err));
  GIVES(EXECMON_OK, execmon_value_release(result));
  GIVES(EXECMON_STATUS_EXCEPTION, execmon_import(py, "no_such_module", &result, NULL));
  GIVES(EXECMON_OK, execmon_value_release(number));
  FAILS(EXECMON_STATUS_HANDLE, "value", execmon_set_global(py, "test", "n", number, &err));
  end();
}

static void limits_hold(void) {
  execmon_config config;
  memset(&config, 0, sizeof config);
  config.size = sizeof config, config.recursion_limit = 60, config.write = write_down;
  OK(execmon_interp_new(&config, &py, &err));
  GIVES(EXECMON_STATUS_EXCEPTION, run("def f(n): return f(n + 1)\nf(0)\n"));
  CHECK_TEXT(execmon_error_type(err), "RecursionError");
  execmon_error_free(err), err = NULL;
  OK(execmon_set_recursion_limit(py, SIZE_MAX, &err));
  GIVES(EXECMON_STATUS_EXCEPTION, run("f(0)"));
  CHECK_TEXT(execmon_error_type(err), "RecursionError");
  execmon_error_free(err), err = NULL;
  OK(execmon_set_recursion_limit(py, 1000, &err));
  OK(execmon_set_instruction_budget(py, 100000, &err));
  GIVES(EXECMON_STATUS_EXCEPTION, run("while True: pass"));
  CHECK_TEXT(execmon_error_type(err), "RuntimeError");
  execmon_error_free(err), err = NULL;
  OK(execmon_set_instruction_budget(py, 0, &err));
  OK(execmon_set_memory_ceiling(py, 64 << 20, &err));
  GIVES(EXECMON_STATUS_EXCEPTION, run("x = 'x' * 10**12"));
  CHECK_TEXT(execmon_error_type(err), "MemoryError");
  execmon_error_free(err), err = NULL;
  GIVES(EXECMON_STATUS_EXCEPTION, run("x = [0] * 10**10"));
  CHECK_TEXT(execmon_error_type(err), "MemoryError");
  execmon_error_free(err), err = NULL;
  OK(execmon_set_memory_ceiling(py, 0, &err));
  OK(run("x = [0] * 1000"));
  end();
  config.size = 3;
  FAILS(EXECMON_STATUS_VALUE, "the config has size 3", execmon_interp_new(&config, &py, &err));
  config.size = sizeof config, config.path_count = 1;
  FAILS(EXECMON_STATUS_NULL, "the path", execmon_interp_new(&config, &py, &err));
  FAILS(EXECMON_STATUS_NULL, "interp is NULL", execmon_interp_new(NULL, NULL, &err));
}

static void *interrupt_soon(void *interp) {
  usleep(50000);
  CHECK_INT(execmon_interrupt((execmon_interp *)interp, NULL), EXECMON_OK);
  return NULL;
}

static void another_thread_may_interrupt(void) {
  pthread_t other;
  begin();
  CHECK_INT(pthread_create(&other, NULL, interrupt_soon, py), 0);
  GIVES(EXECMON_STATUS_EXCEPTION, run("while True: pass"));
  CHECK_TEXT(execmon_error_type(err), "KeyboardInterrupt");
  CHECK_INT(execmon_error_exit_status(err), 130);
  execmon_error_free(err), err = NULL;
  CHECK_INT(pthread_join(other, NULL), 0);
  OK(run("fine = True"));
  end();
}

static void *use_from_elsewhere(void *value) {
  execmon_value *another;
  int64_t number;
  CHECK_INT(execmon_run_string(py, "test", "", 0, NULL), EXECMON_STATUS_THREAD);
  CHECK_INT(execmon_make_none(py, &another, NULL), EXECMON_STATUS_THREAD);
  CHECK_INT(execmon_value_int((execmon_value *)value, &number, NULL), EXECMON_STATUS_THREAD);
  CHECK_INT(execmon_value_release((execmon_value *)value), EXECMON_STATUS_THREAD);
  CHECK_INT(execmon_interp_free(py), EXECMON_STATUS_THREAD);
  CHECK(execmon_interp_monitor(py) != NULL);
  CHECK_INT(execmon_use_tool_id(execmon_interp_monitor(py), 3, "elsewhere", NULL), EXECMON_OK);
  return NULL;
}

/* Programs that will not end by themselves, whatever is raised in them. */
static const char *const stubborn[] = {
    "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n",
    "def f():\n    try:\n        while True: pass\n    finally:\n        f()\nf()\n",
    "class D:\n    def __del__(self):\n        while True:\n            try:\n                while True: pass\n"
    "            except BaseException: pass\nd = D()\ndel d\n",
    "def g():\n    while True:\n        try: yield\n        except BaseException: pass\nx = g()\n"
    "while True:\n    try:\n        for y in x: pass\n    except BaseException: pass\n",
    "class E:\n    def __exit__(self, *a): return True\n    def __enter__(self): return self\n"
    "while True:\n    with E():\n        while True: pass\n",
};

static void nothing_outlives_its_budget(void) {
  for (size_t i = 0; i < COUNT_OF(stubborn); i++) {
    begin();
    OK(execmon_set_instruction_budget(py, 10000, &err));
    GIVES(EXECMON_STATUS_TERMINATED, run(stubborn[i]));
    CHECK_TEXT(execmon_error_type(err), "KeyboardInterrupt");
    CHECK_TEXT(execmon_error_message(err), "terminated");
    execmon_error_free(err), err = NULL;
    OK(execmon_set_instruction_budget(py, 0, &err));
    REPR(eval("sum(range(10))"), "45");
    GIVES(EXECMON_OK, execmon_terminate(py, &err)); /* its finalizers may be as stubborn */
    end();
  }
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_terminate(py, &err));
}

static void *terminate_later(void *interp) {
  usleep(100000);
  CHECK_INT(execmon_terminate((execmon_interp *)interp, NULL), EXECMON_OK);
  return NULL;
}

static void another_thread_may_terminate(void) {
  pthread_t other;
  for (size_t i = 0; i < COUNT_OF(stubborn); i++) {
    begin();
    CHECK_INT(pthread_create(&other, NULL, terminate_later, py), 0);
    GIVES(EXECMON_STATUS_TERMINATED, run(stubborn[i]));
    execmon_error_free(err), err = NULL;
    pthread_join(other, NULL);
    REPR(eval("1 + 1"), "2");
    GIVES(EXECMON_OK, execmon_terminate(py, &err));
    end();
  }
}

static execmon_action terminate_now(const execmon_event *event, void *user) {
  (void)user;
  if (event->line == 3) {
    OK(execmon_terminate(py, &err));
    GIVES(EXECMON_STATUS_TERMINATED, execmon_run_string(py, "inner", "def f(): pass\nf()\n", 18, NULL));
  }
  return EXECMON_CONTINUE;
}

static void a_callback_may_terminate(void) {
  begin();
  execmon_monitor *monitor = execmon_interp_monitor(py);
  OK(execmon_use_tool_id(monitor, 0, "sandbox", &err));
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, terminate_now, NULL, NULL, &err));
  OK(execmon_set_events(monitor, 0, EXECMON_EVENT_LINE, &err));
  GIVES(EXECMON_STATUS_TERMINATED, run("cleaned = False\ntry:\n    while True: pass\nfinally:\n    cleaned = True\n"));
  execmon_error_free(err), err = NULL;
  OK(execmon_set_events(monitor, 0, 0, &err));
  REPR(eval("cleaned"), "False");
  OK(execmon_terminate(py, &err)); /* the next one is ended */
  GIVES(EXECMON_STATUS_TERMINATED, run("x = 1\n"));
  execmon_error_free(err), err = NULL;
  OK(run("x = 1\n"));
  end();
}

static void another_thread_may_not_use_it(void) {
  pthread_t other;
  execmon_value *value;
  begin();
  value = eval("5");
  CHECK_INT(pthread_create(&other, NULL, use_from_elsewhere, value), 0);
  CHECK_INT(pthread_join(other, NULL), 0);
  REPR(value, "5");
  end();
}

static void *run_one(void *result) {
  static const char source[] = "def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\nx = fib(16)\n";
  execmon_interp *mine = NULL;
  execmon_value *value = NULL;
  if (execmon_interp_new(NULL, &mine, NULL) == EXECMON_OK &&
      execmon_run_string(mine, "m", source, sizeof source - 1, NULL) == EXECMON_OK &&
      execmon_get_global(mine, "m", "x", &value, NULL) == EXECMON_OK) {
    execmon_value_int(value, (int64_t *)result, NULL);
  }
  execmon_interp_free(mine);
  return NULL;
}

static void two_interpreters_on_two_threads(void) {
  pthread_t threads[2];
  int64_t results[2] = {0, 0};
  for (int i = 0; i < 2; i++) CHECK_INT(pthread_create(&threads[i], NULL, run_one, &results[i]), 0);
  for (int i = 0; i < 2; i++) CHECK_INT(pthread_join(threads[i], NULL), 0);
  CHECK_INT(results[0], 987);
  CHECK_INT(results[1], 987);
}

static void values_end_with_their_interpreter(void) {
  execmon_interp *other;
  execmon_value *value, *list = NULL, *stranger = NULL;
  int64_t number;
  begin();
  value = eval("12345");
  OK(execmon_interp_new(NULL, &other, &err));
  OK(execmon_make_int(other, 1, &stranger, &err));
  FAILS(EXECMON_STATUS_FOREIGN, "another interpreter", execmon_set_global(py, "test", "x", stranger, &err));
  FAILS(EXECMON_STATUS_FOREIGN, "another interpreter", execmon_make_list(py, &stranger, 1, &list, &err));
  end();
  FAILS(EXECMON_STATUS_HANDLE, "value", execmon_value_int(value, &number, &err));
  GIVES(EXECMON_STATUS_HANDLE, execmon_value_release(value));
  GIVES(EXECMON_STATUS_HANDLE, execmon_interp_free(py));
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_run_string(py, "test", "", 0, &err));
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_interrupt(py, &err));
  FAILS(EXECMON_STATUS_NULL, "interpreter", execmon_run_string(NULL, "test", "", 0, &err));
  CHECK(execmon_interp_monitor(py) == NULL);
  GIVES(EXECMON_OK, execmon_interp_free(NULL));
  OK(execmon_value_int(stranger, &number, &err));
  GIVES(EXECMON_OK, execmon_interp_free(other));
}

static void the_monitor_goes_with_it(void) {
  execmon_monitor *monitor;
  execmon_thread *thread;
  int64_t events;
  begin();
  monitor = execmon_interp_monitor(py);
  OK(execmon_get_events(monitor, 0, &events, &err));
  GIVES(EXECMON_STATUS_STATE, execmon_monitor_free(monitor));
  FAILS(EXECMON_STATUS_STATE, "belongs to an interpreter", execmon_thread_new(monitor, &thread, &err));
  FAILS(EXECMON_STATUS_STATE, "belongs to an interpreter", execmon_set_changed_hook(monitor, NULL, NULL, NULL, &err));
  end();
  FAILS(EXECMON_STATUS_HANDLE, "monitor", execmon_get_events(monitor, 0, &events, &err));
}

static int refuse_output(int stream, const char *bytes, size_t length, void *user) {
  (void)stream, (void)bytes, (void)user;
  return length != 0;
}

static int stop_redirecting(int stream, const char *bytes, size_t length, void *user) {
  (void)stream, (void)bytes, (void)length;
  CHECK_INT(*(int *)user, 0);
  OK(execmon_set_output(py, write_down, NULL, NULL, &err));
  CHECK_INT(*(int *)user, 0); /* it runs still */
  return 0;
}

static void output_is_redirected(void) {
  int dropped = 0;
  begin();
  OK(execmon_set_output(py, refuse_output, &dropped, count_drop, &err));
  GIVES(EXECMON_STATUS_EXCEPTION, run("import sys\nprint('lost', flush=True)\n"));
  CHECK_TEXT(execmon_error_type(err), "OSError");
  execmon_error_free(err), err = NULL;
  OK(execmon_set_output(py, stop_redirecting, &dropped, count_drop, &err));
  CHECK_INT(dropped, 1);
  dropped = 0;
  OK(run("print('first', flush=True)\nprint('second', flush=True)\n"));
  CHECK_INT(dropped, 1);
  CHECK(strstr(written, "second\n") != NULL);
  dropped = 0;
  OK(execmon_set_output(py, write_down, &dropped, count_drop, &err));
  end();
  CHECK_INT(dropped, 1);
}

/* Valgrind sees it where a generator that goes writes to the object of its frame, which has gone before it. */
static void suspended_frames_end_with_it(void) {
  begin();
  OK(run("def numbers():\n"
         "  yield 1\n"
         "g = numbers()\n"
         "next(g)\n"
         "frame = g.gi_frame\n"));
  end();
}

int main(void) {
  RUN(a_string_runs_in_its_module);
  RUN(a_file_runs_with_arguments_and_siblings);
  RUN(what_cannot_run_is_told);
  RUN(names_need_not_be_utf8);
  RUN(exceptions_have_values);
  RUN(globals_and_calls);
  RUN(limits_hold);
  RUN(another_thread_may_interrupt);
  RUN(nothing_outlives_its_budget);
  RUN(another_thread_may_terminate);
  RUN(a_callback_may_terminate);
  RUN(another_thread_may_not_use_it);
  RUN(two_interpreters_on_two_threads);
  RUN(values_end_with_their_interpreter);
  RUN(the_monitor_goes_with_it);
  RUN(output_is_redirected);
  RUN(suspended_frames_end_with_it);
  return finish();
}
