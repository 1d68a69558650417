#include <execmon.h>
#include <stdio.h>

static execmon_action on_line(const execmon_event *event, void *user) {
  (void)user;
  printf("%s:%d\n", execmon_code_filename(event->code), (int)event->line);
  return EXECMON_DISABLE; /* once for each line is enough */
}

int main(int argc, char **argv) {
  execmon_interp *py = NULL;
  execmon_error *error = NULL;
  execmon_interp_new(NULL, &py, NULL);
  execmon_monitor *monitor = execmon_interp_monitor(py);
  execmon_use_tool_id(monitor, EXECMON_COVERAGE_ID, "minimal", NULL);
  execmon_register_callback(monitor, EXECMON_COVERAGE_ID, EXECMON_EVENT_LINE, on_line, NULL, NULL, NULL);
  execmon_set_events(monitor, EXECMON_COVERAGE_ID, EXECMON_EVENT_LINE, NULL);
  if (execmon_run_file(py, argc > 1 ? argv[1] : "script.py", 0, NULL, &error) != EXECMON_OK)
    fputs(execmon_error_traceback(error), stderr);
  execmon_error_free(error);
  return execmon_interp_free(py);
}
