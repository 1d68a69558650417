/* Firing: what a callback is told, in which order, and what its answer does. */
#include "host.h"

static const int some = 1;
#define SOME ((const void *)&some)

static void expect(int index, int64_t event, int32_t tool, int line) {
  CHECK(index < seen_count);
  CHECK_INT(seen[index].event, event);
  CHECK_INT(seen[index].tool, tool);
  CHECK_INT(seen[index].line, line);
}

static void the_record_is_complete(void) {
  start();
  watch(4, EXECMON_EVENT_BRANCH, NULL);
  OK(execmon_enter(thread, code, &err));
  OK(execmon_fire_branch_right(&view, thread, AT_BRANCH, &err));
  OK(execmon_fire_branch_left(&view, thread, AT_BRANCH, &err));
  CHECK_INT(seen_count, 2);
  CHECK_INT(seen[0].size, sizeof(execmon_event));
  expect(0, EXECMON_EVENT_BRANCH_RIGHT, 4, 3);
  CHECK_INT(seen[0].location, AT_BRANCH);
  CHECK_INT(seen[0].offset, 6);
  CHECK_INT(seen[0].destination_offset, 12);
  CHECK_INT(seen[0].destination_line, 6);
  CHECK(seen[0].code == code);
  CHECK(seen[0].thread == thread);
  CHECK(seen[0].monitor == monitor);
  CHECK(seen[0].callable == NULL && seen[0].arg0 == NULL && seen[0].value == NULL);
  expect(1, EXECMON_EVENT_BRANCH_LEFT, 4, 3);
  CHECK_INT(seen[1].destination_line, 4);
  stop();
}

static void every_local_event_by_its_fire_point(void) {
  start();
  watch(0, 0x7ff, NULL);
  OK(execmon_enter(thread, code, &err));
  OK(execmon_fire_start(&view, thread, AT_START, &err));
  OK(execmon_fire_resume(&view, thread, AT_START, &err));
  OK(execmon_fire_begin(&view, thread, AT_LINE_2, 1, &err));
  OK(execmon_fire_begin(&view, thread, AT_LINE_2, 0, &err));
  OK(execmon_fire_line(&view, thread, AT_LINE_2, &err));
  OK(execmon_fire_instruction(&view, thread, AT_LINE_2, &err));
  OK(execmon_fire_jump(&view, thread, AT_JUMP, &err));
  OK(execmon_fire_yield(&view, thread, AT_YIELD, SOME, &err));
  OK(execmon_fire_stop_iteration(&view, thread, AT_YIELD, SOME, &err));
  OK(execmon_fire_return(&view, thread, AT_RETURN, NULL, &err));
  CHECK_INT(seen_count, 11);
  expect(0, EXECMON_EVENT_PY_START, 0, 1);
  expect(1, EXECMON_EVENT_PY_RESUME, 0, 1);
  expect(2, EXECMON_EVENT_LINE, 0, 2);
  expect(3, EXECMON_EVENT_INSTRUCTION, 0, 2);
  expect(4, EXECMON_EVENT_INSTRUCTION, 0, 2);
  expect(5, EXECMON_EVENT_LINE, 0, 2);
  expect(6, EXECMON_EVENT_INSTRUCTION, 0, 2);
  expect(7, EXECMON_EVENT_JUMP, 0, 4);
  CHECK_INT(seen[7].destination_line, 2);
  expect(8, EXECMON_EVENT_PY_YIELD, 0, 5);
  CHECK(seen[8].value == SOME);
  CHECK_INT(seen[8].destination_offset, EXECMON_NO_OFFSET);
  expect(9, EXECMON_EVENT_STOP_ITERATION, 0, 5);
  expect(10, EXECMON_EVENT_PY_RETURN, 0, 6);
  CHECK(seen[10].value == NULL);
  FAILS(EXECMON_STATUS_VALUE, "Firing event 10 with no exception set",
        execmon_fire_stop_iteration(&view, thread, AT_YIELD, NULL, &err));
  stop();
}

static void the_other_events(void) {
  int64_t events = EXECMON_EVENT_RAISE | EXECMON_EVENT_RERAISE | EXECMON_EVENT_EXCEPTION_HANDLED |
                   EXECMON_EVENT_PY_UNWIND | EXECMON_EVENT_PY_THROW;
  start();
  OK(execmon_fire_raise(&view, thread, AT_LINE_2, SOME, &err));
  watch(0, events, NULL);
  OK(execmon_fire_raise(&view, thread, AT_LINE_2, SOME, &err));
  OK(execmon_fire_reraise(&view, thread, AT_LINE_2, SOME, &err));
  OK(execmon_fire_exception_handled(&view, thread, AT_LINE_2, SOME, &err));
  OK(execmon_fire_unwind(&view, thread, AT_NOTHING, SOME, &err));
  OK(execmon_fire_throw(&view, thread, AT_LINE_2, SOME, &err));
  CHECK_INT(seen_count, 5);
  expect(0, EXECMON_EVENT_RAISE, 0, 2);
  expect(1, EXECMON_EVENT_RERAISE, 0, 2);
  expect(2, EXECMON_EVENT_EXCEPTION_HANDLED, 0, 2);
  expect(3, EXECMON_EVENT_PY_UNWIND, 0, EXECMON_NO_LINE);
  expect(4, EXECMON_EVENT_PY_THROW, 0, 2);
  CHECK(seen[0].value == SOME);
  FAILS(EXECMON_STATUS_VALUE, "Firing event 11 with no exception set",
        execmon_fire_raise(&view, thread, AT_LINE_2, NULL, &err));
  stop();
}

static void calls_and_what_follows_them(void) {
  execmon_action disable = EXECMON_DISABLE;
  uint8_t follow = 9;
  start();
  OK(execmon_enter(thread, code, &err));
  OK(execmon_fire_call(&view, thread, AT_CALL, SOME, SOME, &follow, &err));
  CHECK_INT(follow, 0);
  watch(0, EXECMON_EVENT_CALL | EXECMON_EVENT_C_RETURN | EXECMON_EVENT_C_RAISE, NULL);
  OK(execmon_fire_call(&view, thread, AT_CALL, SOME, NULL, &follow, &err));
  CHECK_INT(follow, 1);
  OK(execmon_fire_c_return(&view, thread, AT_CALL, SOME, NULL, &err, follow, &err));
  OK(execmon_fire_c_raise(&view, thread, AT_CALL, SOME, &follow, &err, follow, &err));
  CHECK_INT(seen_count, 3);
  expect(0, EXECMON_EVENT_CALL, 0, 2);
  CHECK(seen[0].callable == SOME && seen[0].arg0 == &EXECMON_MISSING && seen[0].value == NULL);
  expect(1, EXECMON_EVENT_C_RETURN, 0, 2);
  CHECK(seen[1].callable == SOME && seen[1].arg0 == &EXECMON_MISSING && seen[1].value == &err);
  expect(2, EXECMON_EVENT_C_RAISE, 0, 2);
  CHECK(seen[2].arg0 == &follow);
  /* What CALL's callback disables counts from the next call on. */
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_CALL, see, &disable, NULL, &err));
  OK(execmon_fire_call(&view, thread, AT_CALL, SOME, SOME, &follow, &err));
  CHECK_INT(follow, 1);
  OK(execmon_fire_c_return(&view, thread, AT_CALL, SOME, SOME, SOME, follow, &err));
  CHECK_INT(seen_count, 5);
  OK(execmon_fire_call(&view, thread, AT_CALL, SOME, SOME, &follow, &err));
  CHECK_INT(follow, 0);
  CHECK_INT(seen_count, 5);
  FAILS(EXECMON_STATUS_NULL, "follow", execmon_deliver_call(thread, code, AT_CALL, NULL, NULL, &err));
  FAILS(EXECMON_STATUS_VALUE, "cannot be fired by this call",
        execmon_deliver_return(thread, code, AT_CALL, EXECMON_EVENT_CALL, NULL, 1, &err));
  FAILS(EXECMON_STATUS_VALUE, "cannot be fired by this call",
        execmon_deliver(thread, code, AT_CALL, EXECMON_EVENT_CALL, NULL, &err));
  stop();
}

static void tools_are_called_highest_first(void) {
  start();
  watch(1, EXECMON_EVENT_LINE | EXECMON_EVENT_INSTRUCTION, NULL);
  watch(5, EXECMON_EVENT_LINE | EXECMON_EVENT_INSTRUCTION, NULL);
  watch(3, EXECMON_EVENT_LINE, NULL);
  OK(execmon_enter(thread, code, &err));
  OK(execmon_fire_begin(&view, thread, AT_LINE_2, 1, &err));
  CHECK_INT(seen_count, 5);
  expect(0, EXECMON_EVENT_LINE, 5, 2);
  expect(1, EXECMON_EVENT_LINE, 3, 2);
  expect(2, EXECMON_EVENT_LINE, 1, 2);
  expect(3, EXECMON_EVENT_INSTRUCTION, 5, 2);
  expect(4, EXECMON_EVENT_INSTRUCTION, 1, 2);
  stop();
}

static void local_events_add_to_global_ones(void) {
  execmon_code *other;
  execmon_view other_view;
  start();
  other = register_one(monitor);
  OK(execmon_code_view(other, &other_view, &err));
  watch(0, EXECMON_EVENT_LINE, NULL);
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_JUMP, see, NULL, NULL, &err));
  OK(execmon_set_local_events(monitor, 0, code, EXECMON_EVENT_LINE | EXECMON_EVENT_JUMP, &err));
  OK(execmon_fire_renew(&view, &err));
  OK(execmon_fire_renew(&other_view, &err));
  OK(execmon_fire_line(&view, thread, AT_LINE_2, &err));
  OK(execmon_fire_jump(&view, thread, AT_JUMP, &err));
  OK(execmon_fire_line(&other_view, thread, AT_LINE_2, &err));
  OK(execmon_fire_jump(&other_view, thread, AT_JUMP, &err));
  CHECK_INT(seen_count, 3);
  CHECK(seen[0].code == code && seen[1].code == code && seen[2].code == other);
  GIVES(EXECMON_OK, execmon_code_release(other));
  stop();
}

static void disable_lasts_until_restart(void) {
  execmon_action disable = EXECMON_DISABLE;
  start();
  watch(0, EXECMON_EVENT_LINE | EXECMON_EVENT_INSTRUCTION, NULL);
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, see, &disable, NULL, &err));
  OK(execmon_enter(thread, code, &err));
  for (int i = 0; i < 3; i++) OK(execmon_fire_begin(&view, thread, AT_LINE_2, 1, &err));
  CHECK_INT(seen_count, 4);
  CHECK_INT(execmon_fire_armed(&view, AT_LINE_2), EXECMON_ARMED_INSTRUCTION);
  CHECK_INT(execmon_fire_armed(&view, AT_BRANCH), EXECMON_ARMED_LINE | EXECMON_ARMED_INSTRUCTION);
  /* It survives changes elsewhere. */
  watch(3, EXECMON_EVENT_JUMP, NULL);
  OK(execmon_set_events(monitor, 0, 0, &err));
  OK(execmon_set_events(monitor, 0, EXECMON_EVENT_LINE, &err));
  CHECK_INT(execmon_fire_armed(&view, AT_LINE_2), 0);
  OK(execmon_restart_events(monitor, &err));
  OK(execmon_restart_events(monitor, &err));
  CHECK_INT(execmon_fire_armed(&view, AT_LINE_2), EXECMON_ARMED_LINE);
  seen_count = 0;
  OK(execmon_fire_line(&view, thread, AT_LINE_2, &err));
  OK(execmon_fire_line(&view, thread, AT_LINE_2, &err));
  CHECK_INT(seen_count, 1);
  stop();
}

static void disable_belongs_to_one_tool(void) {
  execmon_action disable = EXECMON_DISABLE;
  start();
  watch(0, EXECMON_EVENT_LINE, &disable);
  watch(1, EXECMON_EVENT_LINE, NULL);
  OK(execmon_enter(thread, code, &err));
  for (int i = 0; i < 3; i++) OK(execmon_fire_line(&view, thread, AT_LINE_2, &err));
  CHECK_INT(seen_count, 4);
  stop();
}

static void an_error_stops_lower_tools(void) {
  execmon_action error = EXECMON_ERROR, unknown = 77, missing = EXECMON_MISSING;
  start();
  watch(0, EXECMON_EVENT_LINE | EXECMON_EVENT_INSTRUCTION, NULL);
  watch(2, EXECMON_EVENT_LINE, &error);
  OK(execmon_enter(thread, code, &err));
  FAILS(EXECMON_STATUS_CALLBACK, "callback of tool 2 for LINE failed",
        execmon_fire_begin(&view, thread, AT_LINE_2, 1, &err));
  CHECK_INT(seen_count, 1);
  OK(execmon_register_callback(monitor, 2, EXECMON_EVENT_LINE, see, &unknown, NULL, &err));
  FAILS(EXECMON_STATUS_CALLBACK, "returned the unknown action 77",
        execmon_fire_line(&view, thread, AT_LINE_2, &err));
  OK(execmon_register_callback(monitor, 2, EXECMON_EVENT_LINE, see, &missing, NULL, &err));
  FAILS(EXECMON_STATUS_CALLBACK, "returned the unknown action -1",
        execmon_fire_line(&view, thread, AT_LINE_2, &err));
  CHECK_INT(seen_count, 3);
  /* It stays registered. */
  GIVES(EXECMON_STATUS_CALLBACK, execmon_fire_line(&view, thread, AT_LINE_2, NULL));
  stop();
}

static void what_cannot_be_disabled(void) {
  execmon_action disable = EXECMON_DISABLE;
  start();
  watch(0, EXECMON_EVENT_RAISE, NULL);
  watch(1, EXECMON_EVENT_RAISE, &disable);
  FAILS(EXECMON_STATUS_CANNOT_DISABLE, "Cannot disable RAISE events. Callback removed.",
        execmon_fire_raise(&view, thread, AT_LINE_2, SOME, &err));
  CHECK_INT(seen_count, 1);
  OK(execmon_fire_raise(&view, thread, AT_LINE_2, SOME, &err));
  CHECK_INT(seen_count, 2);
  expect(1, EXECMON_EVENT_RAISE, 0, 2);
  stop();
}

static void firing_is_checked(void) {
  execmon_payload payload = execmon_fire_payload(NULL, NULL, NULL);
  start();
  FAILS(EXECMON_STATUS_VALUE, "no location 8",
        execmon_deliver(thread, code, LOCATIONS, EXECMON_EVENT_LINE, NULL, &err));
  FAILS(EXECMON_STATUS_VALUE, "no location", execmon_deliver_begin(thread, code, UINT32_MAX, 1, 0, &err));
  FAILS(EXECMON_STATUS_VALUE, "one event", execmon_deliver(thread, code, 0, 0, NULL, &err));
  FAILS(EXECMON_STATUS_VALUE, "one event", execmon_deliver(thread, code, 0, 3, NULL, &err));
  FAILS(EXECMON_STATUS_VALUE, "invalid event", execmon_deliver(thread, code, 0, 1u << 31, NULL, &err));
  FAILS(EXECMON_STATUS_VALUE, "cannot be fired", execmon_deliver(thread, code, 0, EXECMON_EVENT_BRANCH, NULL, &err));
  FAILS(EXECMON_STATUS_VALUE, "cannot be fired",
        execmon_deliver(thread, code, 0, EXECMON_EVENT_C_RETURN, NULL, &err));
  payload.size = 8;
  FAILS(EXECMON_STATUS_VALUE, "the payload has size 8",
        execmon_deliver(thread, code, AT_JUMP, EXECMON_EVENT_JUMP, &payload, &err));
  /* An offset beyond the table as destination is none. */
  payload.size = sizeof payload, payload.destination = 1000;
  watch(0, EXECMON_EVENT_JUMP, NULL);
  OK(execmon_deliver(thread, code, AT_JUMP, EXECMON_EVENT_JUMP, &payload, &err));
  CHECK_INT(seen[0].destination_offset, EXECMON_NO_OFFSET);
  payload.destination = AT_RETURN;
  OK(execmon_deliver(thread, code, AT_JUMP, EXECMON_EVENT_JUMP, &payload, &err));
  CHECK_INT(seen[1].destination_line, 6);
  stop();
}

int main(void) {
  RUN(the_record_is_complete);
  RUN(every_local_event_by_its_fire_point);
  RUN(the_other_events);
  RUN(calls_and_what_follows_them);
  RUN(tools_are_called_highest_first);
  RUN(local_events_add_to_global_ones);
  RUN(disable_lasts_until_restart);
  RUN(disable_belongs_to_one_tool);
  RUN(an_error_stops_lower_tools);
  RUN(what_cannot_be_disabled);
  RUN(firing_is_checked);
  return finish();
}
