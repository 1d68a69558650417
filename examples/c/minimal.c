/*
 * The smallest host: runs a Python file and says which lines ran.
 *
 *   minimal SCRIPT [ARGS]
 */
#include <execmon.h>

#include <stdio.h>

static execmon_action on_line(const execmon_event *event, void *user) {
  (void)user;
  printf("%s:%d\n", execmon_code_filename(event->code), (int)event->line);
  return EXECMON_DISABLE; /* once per line is enough */
}

int main(int argc, char **argv) {
  execmon_interp *py;
  execmon_error *error = NULL;
  int status = 0;
  if (argc < 2 || execmon_interp_new(NULL, &py, &error) != EXECMON_OK) return 2;
  execmon_monitor *monitor = execmon_interp_monitor(py);
  execmon_use_tool_id(monitor, EXECMON_COVERAGE_ID, "minimal", NULL);
  execmon_register_callback(monitor, EXECMON_COVERAGE_ID, EXECMON_EVENT_LINE, on_line, NULL, NULL, NULL);
  execmon_set_events(monitor, EXECMON_COVERAGE_ID, EXECMON_EVENT_LINE, NULL);
  if (execmon_run_file(py, argv[1], (size_t)argc - 2, (const char *const *)argv + 2, &error) != EXECMON_OK) {
    fputs(execmon_error_traceback(error) ? execmon_error_traceback(error) : execmon_error_message(error), stderr);
    status = execmon_error_exit_status(error);
    execmon_error_free(error);
  }
  execmon_interp_free(py);
  return status;
}
