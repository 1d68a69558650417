/* Errors. */
#include "check.h"

static execmon_error *some_error(void) {
  execmon_error *error = NULL;
  GIVES(EXECMON_STATUS_NULL, execmon_monitor_new(NULL, &error));
  CHECK(error != NULL);
  return error;
}

static void an_error_tells_what_was_wrong(void) {
  execmon_error *error = some_error();
  CHECK_INT(execmon_error_status(error), EXECMON_STATUS_NULL);
  CHECK_TEXT(execmon_error_type(error), "ValueError");
  CHECK_TEXT(execmon_error_message(error), "monitor is NULL");
  CHECK(execmon_error_traceback(error) == NULL);
  CHECK_INT(execmon_error_exit_status(error), 1);
  GIVES(EXECMON_OK, execmon_error_free(error));
}

static void a_freed_error_is_known(void) {
  execmon_error *error = some_error();
  GIVES(EXECMON_OK, execmon_error_free(error));
  GIVES(EXECMON_STATUS_HANDLE, execmon_error_free(error));
  CHECK_INT(execmon_error_status(error), EXECMON_STATUS_HANDLE);
  CHECK(execmon_error_type(error) == NULL);
  CHECK(execmon_error_message(error) == NULL);
  CHECK(execmon_error_traceback(error) == NULL);
  CHECK_INT(execmon_error_exit_status(error), 1);
}

static void null_and_other_handles(void) {
  execmon_error *error = (execmon_error *)no_handle();
  execmon_monitor *monitor = NULL;
  GIVES(EXECMON_OK, execmon_error_free(NULL));
  CHECK_INT(execmon_error_status(NULL), EXECMON_STATUS_NULL);
  CHECK(execmon_error_message(NULL) == NULL);
  GIVES(EXECMON_STATUS_HANDLE, execmon_error_free(error));
  CHECK(execmon_error_message(error) == NULL);
  OK(execmon_monitor_new(&monitor, &err));
  GIVES(EXECMON_STATUS_HANDLE, execmon_error_free((execmon_error *)monitor));
  GIVES(EXECMON_OK, execmon_monitor_free(monitor));
}

static void errors_are_optional(void) {
  execmon_error *error = (execmon_error *)no_handle();
  execmon_monitor *monitor = NULL;
  GIVES(EXECMON_STATUS_NULL, execmon_monitor_new(NULL, NULL));
  GIVES(EXECMON_OK, execmon_monitor_new(&monitor, &error));
  CHECK(error == NULL);
  GIVES(EXECMON_STATUS_VALUE, execmon_set_events(monitor, 0, EXECMON_EVENT_LINE, NULL));
  GIVES(EXECMON_OK, execmon_monitor_free(monitor));
}

static void many_errors_live_at_once(void) {
  enum { MANY = 5000 };
  execmon_error **errors = (execmon_error **)calloc(MANY, sizeof *errors);
  for (int i = 0; i < MANY; i++) errors[i] = some_error();
  for (int i = 0; i < MANY; i++) {
    CHECK_TEXT(execmon_error_message(errors[(i * 7) % MANY]), "monitor is NULL");
    if (i > 0) CHECK(errors[i] != errors[i - 1]);
  }
  for (int i = 0; i < MANY; i++) GIVES(EXECMON_OK, execmon_error_free(errors[(i * 3) % MANY]));
  for (int i = 0; i < MANY; i++) GIVES(EXECMON_STATUS_HANDLE, execmon_error_free(errors[i]));
  free(errors);
}

int main(void) {
  RUN(an_error_tells_what_was_wrong);
  RUN(a_freed_error_is_known);
  RUN(null_and_other_handles);
  RUN(errors_are_optional);
  RUN(many_errors_live_at_once);
  return finish();
}
