/* Monitors and tools. */
#include "check.h"

static execmon_monitor *monitor;

static void start(void) { OK(execmon_monitor_new(&monitor, &err)); }
static void stop(void) { GIVES(EXECMON_OK, execmon_monitor_free(monitor)); }

static void a_tool_is_used_and_freed(void) {
  char name[32] = "x";
  size_t length = 99;
  start();
  FAILS(EXECMON_STATUS_END, "tool 1 is not in use",
        execmon_get_tool(monitor, EXECMON_COVERAGE_ID, name, sizeof name, &length, &err));
  CHECK_TEXT(name, "x");
  OK(execmon_use_tool_id(monitor, EXECMON_COVERAGE_ID, "coverage", &err));
  OK(execmon_get_tool(monitor, EXECMON_COVERAGE_ID, name, sizeof name, &length, &err));
  CHECK_TEXT(name, "coverage");
  CHECK_INT(length, 8);
  FAILS(EXECMON_STATUS_VALUE, "tool 1 is already in use",
        execmon_use_tool_id(monitor, EXECMON_COVERAGE_ID, "other", &err));
  OK(execmon_clear_tool_id(monitor, EXECMON_COVERAGE_ID, &err));
  OK(execmon_get_tool(monitor, EXECMON_COVERAGE_ID, NULL, 0, &length, &err));
  OK(execmon_free_tool_id(monitor, EXECMON_COVERAGE_ID, &err));
  OK(execmon_free_tool_id(monitor, EXECMON_COVERAGE_ID, &err));
  OK(execmon_clear_tool_id(monitor, EXECMON_COVERAGE_ID, &err));
  OK(execmon_use_tool_id(monitor, EXECMON_COVERAGE_ID, "again", &err));
  stop();
}

static void names_are_copied_and_cut(void) {
  char name[16];
  size_t length = 0;
  start();
  memcpy(name, "na\xc3\xafve", 7); /* naive with a diaeresis */
  OK(execmon_use_tool_id(monitor, 0, name, &err));
  memset(name, 'x', sizeof name);
  OK(execmon_get_tool(monitor, 0, name, 4, &length, &err));
  CHECK_TEXT(name, "na"); /* not half a character */
  CHECK_INT(length, 6);
  OK(execmon_get_tool(monitor, 0, name, 5, NULL, &err));
  CHECK_TEXT(name, "na\xc3\xaf");
  OK(execmon_get_tool(monitor, 0, name, 1, NULL, &err));
  CHECK_TEXT(name, "");
  name[0] = 'x';
  OK(execmon_get_tool(monitor, 0, name, 0, NULL, &err));
  CHECK_INT(name[0], 'x');
  OK(execmon_get_tool(monitor, 0, name, 7, NULL, &err));
  CHECK_TEXT(name, "na\xc3\xafve");
  FAILS(EXECMON_STATUS_NULL, "the buffer is NULL", execmon_get_tool(monitor, 0, NULL, 7, NULL, &err));
  stop();
}

static void ids_are_checked(void) {
  static const int32_t ids[] = {-1, 6, INT32_MIN, INT32_MAX};
  int64_t events = -1;
  start();
  for (size_t i = 0; i < COUNT_OF(ids); i++) {
    char want[64];
    snprintf(want, sizeof want, "invalid tool %ld (must be between 0 and 5)", (long)ids[i]);
    FAILS(EXECMON_STATUS_VALUE, want, execmon_use_tool_id(monitor, ids[i], "tool", &err));
    FAILS(EXECMON_STATUS_VALUE, want, execmon_get_tool(monitor, ids[i], NULL, 0, NULL, &err));
    FAILS(EXECMON_STATUS_VALUE, want, execmon_clear_tool_id(monitor, ids[i], &err));
    FAILS(EXECMON_STATUS_VALUE, want, execmon_free_tool_id(monitor, ids[i], &err));
    FAILS(EXECMON_STATUS_VALUE, want, execmon_set_events(monitor, ids[i], 0, &err));
    FAILS(EXECMON_STATUS_VALUE, want, execmon_get_events(monitor, ids[i], &events, &err));
    FAILS(EXECMON_STATUS_VALUE, want,
          execmon_register_callback(monitor, ids[i], EXECMON_EVENT_LINE, NULL, NULL, NULL, &err));
  }
  CHECK_INT(events, -1);
  stop();
}

static void names_are_checked(void) {
  start();
  FAILS(EXECMON_STATUS_NULL, "the name is NULL", execmon_use_tool_id(monitor, 0, NULL, &err));
  FAILS(EXECMON_STATUS_TEXT, "the name is not UTF-8", execmon_use_tool_id(monitor, 0, "\xc3(", &err));
  OK(execmon_use_tool_id(monitor, 0, "", &err));
  stop();
}

static void event_sets_read_back(void) {
  int64_t events = -1;
  start();
  OK(execmon_get_events(monitor, 3, &events, &err));
  CHECK_INT(events, EXECMON_NO_EVENTS);
  FAILS(EXECMON_STATUS_VALUE, "tool 3 is not in use", execmon_set_events(monitor, 3, EXECMON_EVENT_LINE, &err));
  OK(execmon_use_tool_id(monitor, 3, "tool", &err));
  OK(execmon_set_events(monitor, 3, EXECMON_EVENT_LINE | EXECMON_EVENT_RAISE, &err));
  OK(execmon_get_events(monitor, 3, &events, &err));
  CHECK_INT(events, EXECMON_EVENT_LINE | EXECMON_EVENT_RAISE);
  OK(execmon_set_events(monitor, 3, EXECMON_EVENT_BRANCH, &err));
  OK(execmon_get_events(monitor, 3, &events, &err));
  CHECK_INT(events, 768);
  OK(execmon_set_events(monitor, 3, EXECMON_EVENT_CALL | EXECMON_EVENT_C_RETURN | EXECMON_EVENT_C_RAISE, &err));
  OK(execmon_get_events(monitor, 3, &events, &err));
  CHECK_INT(events, EXECMON_EVENT_CALL);
  OK(execmon_clear_tool_id(monitor, 3, &err));
  OK(execmon_get_events(monitor, 3, &events, &err));
  CHECK_INT(events, 0);
  FAILS(EXECMON_STATUS_NULL, "events is NULL", execmon_get_events(monitor, 3, NULL, &err));
  stop();
}

static void event_sets_are_checked(void) {
  start();
  OK(execmon_use_tool_id(monitor, 0, "tool", &err));
  FAILS(EXECMON_STATUS_VALUE, "cannot set C_RETURN or C_RAISE events independently",
        execmon_set_events(monitor, 0, EXECMON_EVENT_C_RETURN, &err));
  FAILS(EXECMON_STATUS_VALUE, "cannot set C_RETURN or C_RAISE events independently",
        execmon_set_events(monitor, 0, EXECMON_EVENT_CALL | EXECMON_EVENT_C_RETURN, &err));
  FAILS(EXECMON_STATUS_VALUE, "invalid event set 0x80000", execmon_set_events(monitor, 0, 0x80000, &err));
  FAILS(EXECMON_STATUS_OVERFLOW, "too large", execmon_set_events(monitor, 0, (int64_t)1 << 31, &err));
  FAILS(EXECMON_STATUS_OVERFLOW, "too large", execmon_set_events(monitor, 0, INT64_MIN, &err));
  stop();
}

static execmon_action go_on(const execmon_event *event, void *user) {
  (void)event, (void)user;
  return EXECMON_CONTINUE;
}

static void wanted_events_need_set_and_callback(void) {
  int64_t events = -1;
  start();
  OK(execmon_use_tool_id(monitor, 2, "tool", &err));
  OK(execmon_set_events(monitor, 2, EXECMON_EVENT_LINE | EXECMON_EVENT_RAISE, &err));
  OK(execmon_wanted_events(monitor, &events, &err));
  CHECK_INT(events, 0);
  OK(execmon_register_callback(monitor, 2, EXECMON_EVENT_RAISE, go_on, NULL, NULL, &err));
  OK(execmon_register_callback(monitor, 2, EXECMON_EVENT_JUMP, go_on, NULL, NULL, &err));
  OK(execmon_wanted_events(monitor, &events, &err));
  CHECK_INT(events, EXECMON_EVENT_RAISE);
  FAILS(EXECMON_STATUS_NULL, "events is NULL", execmon_wanted_events(monitor, NULL, &err));
  OK(execmon_restart_events(monitor, &err));
  stop();
}

/* Every function of this noun, with a monitor that is none. */
static void without_monitor(execmon_monitor *none, execmon_status status) {
  int64_t events;
  FAILS(status, "monitor", execmon_use_tool_id(none, 0, "tool", &err));
  FAILS(status, "monitor", execmon_get_tool(none, 0, NULL, 0, NULL, &err));
  FAILS(status, "monitor", execmon_clear_tool_id(none, 0, &err));
  FAILS(status, "monitor", execmon_free_tool_id(none, 0, &err));
  FAILS(status, "monitor", execmon_set_events(none, 0, 0, &err));
  FAILS(status, "monitor", execmon_get_events(none, 0, &events, &err));
  FAILS(status, "monitor", execmon_set_local_events(none, 0, NULL, 0, &err));
  FAILS(status, "monitor", execmon_get_local_events(none, 0, NULL, &events, &err));
  FAILS(status, "monitor", execmon_restart_events(none, &err));
  FAILS(status, "monitor", execmon_wanted_events(none, &events, &err));
  FAILS(status, "monitor", execmon_register_callback(none, 0, EXECMON_EVENT_LINE, go_on, NULL, NULL, &err));
  FAILS(status, "monitor", execmon_set_audit_hook(none, NULL, NULL, NULL, &err));
  FAILS(status, "monitor", execmon_set_changed_hook(none, NULL, NULL, NULL, &err));
}

static void a_monitor_must_be_one(void) {
  without_monitor(NULL, EXECMON_STATUS_NULL);
  without_monitor((execmon_monitor *)no_handle(), EXECMON_STATUS_HANDLE);
  start();
  stop();
  without_monitor(monitor, EXECMON_STATUS_HANDLE);
  GIVES(EXECMON_STATUS_HANDLE, execmon_monitor_free(monitor));
  GIVES(EXECMON_OK, execmon_monitor_free(NULL));
  FAILS(EXECMON_STATUS_NULL, "monitor is NULL", execmon_monitor_new(NULL, &err));
}

static void monitors_are_isolated(void) {
  execmon_monitor *one, *two;
  int64_t events = -1;
  OK(execmon_monitor_new(&one, &err));
  OK(execmon_monitor_new(&two, &err));
  CHECK(one != two);
  OK(execmon_use_tool_id(one, 0, "tool", &err));
  OK(execmon_set_events(one, 0, EXECMON_EVENT_LINE, &err));
  OK(execmon_get_events(two, 0, &events, &err));
  CHECK_INT(events, 0);
  OK(execmon_use_tool_id(two, 0, "tool", &err));
  GIVES(EXECMON_OK, execmon_monitor_free(one));
  OK(execmon_get_events(two, 0, &events, &err));
  GIVES(EXECMON_OK, execmon_monitor_free(two));
}

int main(void) {
  RUN(a_tool_is_used_and_freed);
  RUN(names_are_copied_and_cut);
  RUN(ids_are_checked);
  RUN(names_are_checked);
  RUN(event_sets_read_back);
  RUN(event_sets_are_checked);
  RUN(wanted_events_need_set_and_callback);
  RUN(a_monitor_must_be_one);
  RUN(monitors_are_isolated);
  return finish();
}
