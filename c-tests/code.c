/* Code objects. */
#include "host.h"

static void a_code_object_is_read_back(void) {
  uint32_t index = 99, count = 0;
  execmon_location location;
  void *host = &index;
  start();
  CHECK_TEXT(execmon_code_name(code), "f");
  CHECK_TEXT(execmon_code_qualified_name(code), "C.f");
  CHECK_TEXT(execmon_code_filename(code), "calc.src");
  CHECK_INT(execmon_code_first_line(code), 1);
  OK(execmon_code_host(code, &host, &err));
  CHECK(host == NULL);
  OK(execmon_code_location_count(code, &count, &err));
  CHECK_INT(count, LOCATIONS);
  OK(execmon_code_location(code, AT_BRANCH, &location, &err));
  CHECK_INT(location.offset, 6);
  CHECK_INT(location.line, 3);
  CHECK_INT(location.events, EXECMON_EVENT_LINE | EXECMON_EVENT_INSTRUCTION | EXECMON_EVENT_BRANCH_LEFT |
                                 EXECMON_EVENT_BRANCH_RIGHT);
  CHECK_INT(location.left, AT_JUMP);
  CHECK_INT(location.right, AT_RETURN);
  CHECK_INT(location.jump, EXECMON_NO_LOCATION);
  OK(execmon_code_location(code, AT_CALL, &location, &err));
  CHECK_INT(location.events, EXECMON_EVENT_INSTRUCTION | EXECMON_EVENT_CALL | EXECMON_EVENT_C_RETURN |
                                 EXECMON_EVENT_C_RAISE);
  OK(execmon_code_location_at(code, 6, &index, &err));
  CHECK_INT(index, AT_BRANCH);
  FAILS(EXECMON_STATUS_VALUE, "no location 8", execmon_code_location(code, LOCATIONS, &location, &err));
  FAILS(EXECMON_STATUS_VALUE, "no location at offset 7", execmon_code_location_at(code, 7, &index, &err));
  FAILS(EXECMON_STATUS_VALUE, "offset must be non-negative", execmon_code_location_at(code, -1, &index, &err));
  FAILS(EXECMON_STATUS_VALUE, "no location", execmon_code_location_at(code, INT64_MAX, &index, &err));
  FAILS(EXECMON_STATUS_NULL, "host", execmon_code_host(code, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "count", execmon_code_location_count(code, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "location", execmon_code_location(code, 0, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "index", execmon_code_location_at(code, 0, NULL, &err));
  stop();
}

static void lines_are_listed_once(void) {
  int32_t lines[8] = {0};
  size_t count = 0;
  start();
  OK(execmon_code_lines(code, lines, COUNT_OF(lines), &count, &err));
  CHECK_INT(count, 4);
  CHECK(lines[0] == 2 && lines[1] == 3 && lines[2] == 4 && lines[3] == 6 && lines[4] == 0);
  memset(lines, 0, sizeof lines);
  OK(execmon_code_lines(code, lines, 2, &count, &err));
  CHECK_INT(count, 4);
  CHECK(lines[1] == 3 && lines[2] == 0);
  OK(execmon_code_lines(code, NULL, 0, &count, &err));
  FAILS(EXECMON_STATUS_NULL, "lines", execmon_code_lines(code, NULL, 1, &count, &err));
  FAILS(EXECMON_STATUS_NULL, "count", execmon_code_lines(code, lines, 1, NULL, &err));
  stop();
}

static void refused(execmon_code_spec spec, execmon_status status, const char *text) {
  execmon_code *none = (execmon_code *)no_handle();
  int dropped = 0;
  spec.host = &dropped;
  spec.drop = count_drop;
  FAILS(status, text, execmon_register_code(monitor, &spec, &none, &err));
  CHECK(none == (execmon_code *)no_handle());
  CHECK_INT(dropped, 0);
}

static void specs_are_checked(void) {
  execmon_location two[2] = {{4, 1, 0, EXECMON_NO_LOCATION, EXECMON_NO_LOCATION, EXECMON_NO_LOCATION},
                             {3, 1, 0, EXECMON_NO_LOCATION, EXECMON_NO_LOCATION, EXECMON_NO_LOCATION}};
  execmon_code_spec spec;
  execmon_code *made = NULL;
  start();
  spec = a_spec(), spec.name = NULL, refused(spec, EXECMON_STATUS_NULL, "the name is NULL");
  spec = a_spec(), spec.file = NULL, refused(spec, EXECMON_STATUS_NULL, "the file is NULL");
  spec = a_spec(), spec.name = "\xff", refused(spec, EXECMON_STATUS_TEXT, "the name is not UTF-8");
  spec = a_spec(), spec.qualified_name = "\xff", refused(spec, EXECMON_STATUS_TEXT, "the qualified name");
  spec = a_spec(), spec.file = "\xff", refused(spec, EXECMON_STATUS_TEXT, "the file is not UTF-8");
  spec = a_spec(), spec.size = 0, refused(spec, EXECMON_STATUS_VALUE, "size 0");
  spec = a_spec(), spec.size = 55, refused(spec, EXECMON_STATUS_VALUE, "size");
  spec = a_spec(), spec.locations = NULL, refused(spec, EXECMON_STATUS_NULL, "the table of locations is NULL");
  spec = a_spec(), spec.location_count = SIZE_MAX, refused(spec, EXECMON_STATUS_MEMORY, "too many locations");
  spec = a_spec(), spec.location_count = UINT32_MAX, refused(spec, EXECMON_STATUS_MEMORY, "too many locations");
  spec = a_spec(), spec.locations = two, spec.location_count = 2;
  refused(spec, EXECMON_STATUS_VALUE, "offset 3 of a location is below the one before");
  two[1].offset = 4, two[1].left = 2, refused(spec, EXECMON_STATUS_VALUE, "no location 2");
  two[1].left = 0;
  OK(execmon_register_code(monitor, &spec, &made, &err));
  GIVES(EXECMON_OK, execmon_code_release(made));
  FAILS(EXECMON_STATUS_NULL, "the spec is NULL", execmon_register_code(monitor, NULL, &made, &err));
  FAILS(EXECMON_STATUS_NULL, "code is NULL", execmon_register_code(monitor, &spec, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "monitor", execmon_register_code(NULL, &spec, &made, &err));
  stop();
}

static void without_locations_or_qualified_name(void) {
  execmon_code_spec spec = a_spec();
  execmon_code *made = NULL;
  uint32_t count = 9;
  start();
  spec.qualified_name = NULL, spec.locations = NULL, spec.location_count = 0, spec.first_line = -5;
  OK(execmon_register_code(monitor, &spec, &made, &err));
  CHECK_TEXT(execmon_code_qualified_name(made), "f");
  CHECK_INT(execmon_code_first_line(made), -5);
  OK(execmon_code_location_count(made, &count, &err));
  CHECK_INT(count, 0);
  FAILS(EXECMON_STATUS_VALUE, "no location 0",
        execmon_deliver(thread, made, 0, EXECMON_EVENT_PY_START, NULL, &err));
  GIVES(EXECMON_OK, execmon_code_release(made));
  stop();
}

static void the_host_is_dropped_with_the_code(void) {
  execmon_code_spec spec = a_spec();
  execmon_code *made = NULL;
  void *host = NULL;
  int dropped = 0;
  start();
  spec.host = &dropped, spec.drop = count_drop;
  OK(execmon_register_code(monitor, &spec, &made, &err));
  OK(execmon_code_host(made, &host, &err));
  CHECK(host == &dropped);
  OK(execmon_code_retain(made, &err));
  GIVES(EXECMON_OK, execmon_code_release(made));
  CHECK_INT(dropped, 0);
  CHECK_TEXT(execmon_code_name(made), "f");
  GIVES(EXECMON_OK, execmon_code_release(made));
  CHECK_INT(dropped, 1);
  GIVES(EXECMON_STATUS_HANDLE, execmon_code_release(made));
  CHECK_INT(dropped, 1);
  stop();
}

static void a_running_code_object_lives(void) {
  execmon_code *made;
  start();
  made = register_one(monitor);
  OK(execmon_enter(thread, made, &err));
  GIVES(EXECMON_OK, execmon_code_release(made));
  CHECK_TEXT(execmon_code_name(made), "f");
  GIVES(EXECMON_STATUS_STATE, execmon_code_release(made));
  OK(execmon_exit(thread, &err));
  CHECK(execmon_code_name(made) == NULL);
  GIVES(EXECMON_STATUS_HANDLE, execmon_code_release(made));
  stop();
}

static void local_events(void) {
  int64_t events = -1;
  execmon_monitor *other;
  start();
  FAILS(EXECMON_STATUS_VALUE, "tool 2 is not in use",
        execmon_set_local_events(monitor, 2, code, EXECMON_EVENT_LINE, &err));
  OK(execmon_use_tool_id(monitor, 2, "tool", &err));
  OK(execmon_set_local_events(monitor, 2, code, EXECMON_EVENT_LINE | EXECMON_EVENT_BRANCH, &err));
  OK(execmon_get_local_events(monitor, 2, code, &events, &err));
  CHECK_INT(events, EXECMON_EVENT_LINE | EXECMON_EVENT_BRANCH_LEFT | EXECMON_EVENT_BRANCH_RIGHT);
  OK(execmon_get_events(monitor, 2, &events, &err));
  CHECK_INT(events, 0);
  OK(execmon_get_local_events(monitor, 4, code, &events, &err));
  CHECK_INT(events, 0);
  FAILS(EXECMON_STATUS_VALUE, "invalid local event set 0x800",
        execmon_set_local_events(monitor, 2, code, EXECMON_EVENT_RAISE, &err));
  FAILS(EXECMON_STATUS_VALUE, "cannot set C_RETURN",
        execmon_set_local_events(monitor, 2, code, EXECMON_EVENT_C_RAISE, &err));
  FAILS(EXECMON_STATUS_OVERFLOW, "too large", execmon_set_local_events(monitor, 2, code, INT64_MAX, &err));
  FAILS(EXECMON_STATUS_VALUE, "invalid tool 6", execmon_set_local_events(monitor, 6, code, 0, &err));
  FAILS(EXECMON_STATUS_VALUE, "invalid tool -1", execmon_get_local_events(monitor, -1, code, &events, &err));
  FAILS(EXECMON_STATUS_NULL, "events", execmon_get_local_events(monitor, 2, code, NULL, &err));
  OK(execmon_monitor_new(&other, &err));
  OK(execmon_use_tool_id(other, 2, "tool", &err));
  FAILS(EXECMON_STATUS_FOREIGN, "another monitor", execmon_set_local_events(other, 2, code, 0, &err));
  FAILS(EXECMON_STATUS_FOREIGN, "another monitor", execmon_get_local_events(other, 2, code, &events, &err));
  GIVES(EXECMON_OK, execmon_monitor_free(other));
  OK(execmon_clear_tool_id(monitor, 2, &err));
  OK(execmon_get_local_events(monitor, 2, code, &events, &err));
  CHECK_INT(events, 0);
  stop();
}

static void without_code(execmon_code *none, execmon_status status) {
  uint32_t number;
  int64_t events;
  size_t count;
  void *host;
  execmon_location location;
  execmon_view look;
  CHECK(execmon_code_name(none) == NULL);
  CHECK(execmon_code_qualified_name(none) == NULL);
  CHECK(execmon_code_filename(none) == NULL);
  CHECK_INT(execmon_code_first_line(none), EXECMON_NO_LINE);
  FAILS(status, "code object", execmon_code_host(none, &host, &err));
  FAILS(status, "code object", execmon_code_location_count(none, &number, &err));
  FAILS(status, "code object", execmon_code_location(none, 0, &location, &err));
  FAILS(status, "code object", execmon_code_location_at(none, 0, &number, &err));
  FAILS(status, "code object", execmon_code_lines(none, NULL, 0, &count, &err));
  FAILS(status, "code object", execmon_code_view(none, &look, &err));
  FAILS(status, "code object", execmon_code_retain(none, &err));
  FAILS(status, "code object", execmon_code_renew(none, &err));
  FAILS(status, "code object", execmon_code_disarm(none, &err));
  FAILS(status, "code object", execmon_set_local_events(monitor, 0, none, 0, &err));
  FAILS(status, "code object", execmon_get_local_events(monitor, 0, none, &events, &err));
  FAILS(status, "code object", execmon_enter(thread, none, &err));
  FAILS(status, "code object", execmon_deliver(thread, none, 0, EXECMON_EVENT_LINE, NULL, &err));
}

static void a_code_object_must_be_one(void) {
  execmon_code *freed;
  start();
  without_code(NULL, EXECMON_STATUS_NULL);
  without_code((execmon_code *)no_handle(), EXECMON_STATUS_HANDLE);
  without_code((execmon_code *)monitor, EXECMON_STATUS_HANDLE);
  freed = register_one(monitor);
  GIVES(EXECMON_OK, execmon_code_release(freed));
  without_code(freed, EXECMON_STATUS_HANDLE);
  GIVES(EXECMON_OK, execmon_code_release(NULL));
  FAILS(EXECMON_STATUS_NULL, "view", execmon_code_view(code, NULL, &err));
  stop();
}

static void arming_is_seen_and_renewed(void) {
  start();
  CHECK_INT(view.location_count, LOCATIONS);
  CHECK(view.code == code);
  CHECK(*view.version != *view.monitor_version);
  OK(execmon_fire_renew(&view, &err));
  CHECK_INT(*view.version, *view.monitor_version);
  for (int i = 0; i < LOCATIONS; i++) CHECK_INT(execmon_fire_armed(&view, i), 0);
  watch(0, EXECMON_EVENT_LINE | EXECMON_EVENT_CALL, NULL);
  CHECK_INT(execmon_fire_armed(&view, AT_LINE_2), 0);
  OK(execmon_code_renew(code, &err));
  CHECK_INT(execmon_fire_armed(&view, AT_LINE_2), EXECMON_ARMED_LINE);
  CHECK_INT(execmon_fire_armed(&view, AT_CALL), EXECMON_ARMED_EVENT);
  CHECK_INT(execmon_fire_armed(&view, AT_START), 0);
  OK(execmon_code_disarm(code, &err));
  CHECK_INT(execmon_fire_armed(&view, AT_LINE_2), 0);
  OK(execmon_fire_renew(&view, &err));
  CHECK_INT(execmon_fire_armed(&view, AT_LINE_2), EXECMON_ARMED_LINE);
  stop();
}

int main(void) {
  RUN(a_code_object_is_read_back);
  RUN(lines_are_listed_once);
  RUN(specs_are_checked);
  RUN(without_locations_or_qualified_name);
  RUN(the_host_is_dropped_with_the_code);
  RUN(a_running_code_object_lives);
  RUN(local_events);
  RUN(a_code_object_must_be_one);
  RUN(arming_is_seen_and_renewed);
  return finish();
}
