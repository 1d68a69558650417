/* Frames: a debugger that steps and looks around. */
#include "python.h"

static const char program[] =
    "def inner(a, b):\n"
    "    c = a + b\n"
    "    return c\n"
    "def outer(x):\n"
    "    y = x * 2\n"
    "    def nested(): return y\n"
    "    return inner(x, y)\n"
    "class Body:\n"
    "    z = outer(4)\n";

static int stops;

static void look_around(const execmon_event *event) {
  execmon_frame frame;
  execmon_value *value = NULL;
  size_t count = 0;
  OK(execmon_frame_count(py, &count, &err));
  CHECK_INT(count, 4);
  frame.size = sizeof frame;
  OK(execmon_frame_get(py, 0, &frame, &err));
  CHECK(frame.code == event->code);
  CHECK_INT(frame.line, 3);
  CHECK_INT(frame.offset, event->offset);
  OK(execmon_frame_get(py, 1, &frame, &err));
  CHECK_TEXT(execmon_code_name(frame.code), "outer");
  CHECK_INT(frame.line, 7);
  OK(execmon_frame_get(py, 3, &frame, &err));
  CHECK_TEXT(execmon_code_name(frame.code), "<module>");
  OK(execmon_frame_locals(py, 0, &value, &err));
  REPR(value, "{'a': 4, 'b': 8, 'c': 12}");
  OK(execmon_frame_eval(py, 1, "(x, y, len(str(y)))", 19, &value, &err));
  REPR(value, "(4, 8, 1)");
  OK(execmon_frame_eval(py, 0, "c", EXECMON_NUL_TERMINATED, &value, &err));
  REPR(value, "12");
  OK(execmon_frame_globals(py, 2, &value, &err));
  REPR(eval("__name__"), "'test'");
  execmon_value_release(value);
  OK(execmon_frame_locals(py, 2, &value, &err)); /* the body of a class: its namespace itself */
  execmon_value_release(value);

  FAILS(EXECMON_STATUS_VALUE, "no frame 4", execmon_frame_get(py, 4, &frame, &err));
  FAILS(EXECMON_STATUS_VALUE, "no frame 99", execmon_frame_locals(py, 99, &value, &err));
  FAILS(EXECMON_STATUS_VALUE, "no frame", execmon_frame_globals(py, SIZE_MAX, &value, &err));
  FAILS(EXECMON_STATUS_VALUE, "no frame", execmon_frame_eval(py, 4, "1", 1, &value, &err));
  FAILS(EXECMON_STATUS_EXCEPTION, "name 'x'", execmon_frame_eval(py, 0, "x", 1, &value, &err));
  FAILS(EXECMON_STATUS_EXCEPTION, "", execmon_frame_eval(py, 0, "x =", 3, &value, &err));
  frame.size = 4;
  FAILS(EXECMON_STATUS_VALUE, "size 4", execmon_frame_get(py, 0, &frame, &err));
  FAILS(EXECMON_STATUS_NULL, "frame", execmon_frame_get(py, 0, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "result", execmon_frame_count(py, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "result", execmon_frame_locals(py, 0, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "result", execmon_frame_globals(py, 0, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "result", execmon_frame_eval(py, 0, "1", 1, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "expression", execmon_frame_eval(py, 0, NULL, 1, &value, &err));
}

static execmon_action on_line(const execmon_event *event, void *user) {
  (void)user;
  if (event->line == 3) {
    stops++;
    look_around(event);
  }
  return EXECMON_CONTINUE;
}

static void a_debugger_looks_around(void) {
  execmon_monitor *monitor;
  size_t count = 9;
  execmon_frame frame;
  execmon_value *value = NULL;
  begin();
  monitor = execmon_interp_monitor(py);
  OK(execmon_use_tool_id(monitor, EXECMON_DEBUGGER_ID, "debugger", &err));
  OK(execmon_register_callback(monitor, EXECMON_DEBUGGER_ID, EXECMON_EVENT_LINE, on_line, NULL, NULL, &err));
  OK(execmon_set_events(monitor, EXECMON_DEBUGGER_ID, EXECMON_EVENT_LINE, &err));
  OK(run(program));
  CHECK_INT(stops, 1);
  OK(execmon_frame_count(py, &count, &err));
  CHECK_INT(count, 0);
  frame.size = sizeof frame;
  FAILS(EXECMON_STATUS_VALUE, "no frame 0", execmon_frame_get(py, 0, &frame, &err));
  end();
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_frame_count(py, &count, &err));
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_frame_get(py, 0, &frame, &err));
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_frame_locals(py, 0, &value, &err));
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_frame_globals(py, 0, &value, &err));
  FAILS(EXECMON_STATUS_HANDLE, "interpreter", execmon_frame_eval(py, 0, "1", 1, &value, &err));
}

int main(void) {
  RUN(a_debugger_looks_around);
  return finish();
}
