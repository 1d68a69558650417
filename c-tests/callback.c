/* Callbacks: their ownership, and everything that one may do while it runs. */
#include "host.h"

static void users_are_dropped_once(void) {
  int first = 0, second = 0;
  start();
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, see, &first, count_drop, &err));
  CHECK_INT(first, 0);
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, see, &second, count_drop, &err));
  CHECK_INT(first, 1);
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, NULL, NULL, NULL, &err));
  CHECK_INT(second, 1);
  first = second = 0;
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_BRANCH, see, &first, count_drop, &err));
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_BRANCH_LEFT, see, &second, count_drop, &err));
  CHECK_INT(first, 0);
  OK(execmon_clear_tool_id(monitor, 0, &err));
  CHECK_INT(first, 1);
  CHECK_INT(second, 1);
  first = 0;
  OK(execmon_register_callback(monitor, 5, EXECMON_EVENT_RAISE, see, &first, count_drop, &err));
  stop();
  CHECK_INT(first, 1);
}

static void nothing_is_dropped_on_failure(void) {
  int dropped = 0;
  start();
  FAILS(EXECMON_STATUS_VALUE, "one event at a time",
        execmon_register_callback(monitor, 0, 0, see, &dropped, count_drop, &err));
  FAILS(EXECMON_STATUS_VALUE, "one event at a time",
        execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE | EXECMON_EVENT_CALL, see, &dropped, count_drop, &err));
  FAILS(EXECMON_STATUS_VALUE, "invalid event 33554432",
        execmon_register_callback(monitor, 0, 33554432, see, &dropped, count_drop, &err));
  FAILS(EXECMON_STATUS_OVERFLOW, "too large",
        execmon_register_callback(monitor, 0, (int64_t)1 << 40, see, &dropped, count_drop, &err));
  FAILS(EXECMON_STATUS_VALUE, "invalid tool 7",
        execmon_register_callback(monitor, 7, EXECMON_EVENT_LINE, see, &dropped, count_drop, &err));
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, NULL, &dropped, count_drop, &err));
  stop();
  CHECK_INT(dropped, 0);
}

/* What a callback does, and what it returns. */
static void (*deed)(void);
static execmon_action answer;
static int runs, drops;

static execmon_action act(const execmon_event *event, void *user) {
  CHECK(user == &drops);
  CHECK_TEXT(execmon_code_name(event->code), "f");
  runs++;
  if (deed) deed();
  CHECK_INT(drops, 0); /* not while it runs */
  return answer;
}

static void prepare(void (*what)(void), execmon_action then) {
  start();
  deed = what, answer = then, runs = drops = 0;
  OK(execmon_use_tool_id(monitor, 0, "actor", &err));
  OK(execmon_set_events(monitor, 0, EXECMON_EVENT_LINE | EXECMON_EVENT_RAISE, &err));
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, act, &drops, count_drop, &err));
  OK(execmon_enter(thread, code, &err));
}

static void free_the_tool(void) { OK(execmon_free_tool_id(monitor, 0, &err)); }
static void clear_the_tool(void) { OK(execmon_clear_tool_id(monitor, 0, &err)); }
static void remove_itself(void) {
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, NULL, NULL, NULL, &err));
}
static void replace_itself(void) {
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, see, NULL, NULL, &err));
}

static void ends_itself(void (*what)(void)) {
  static const execmon_action answers[] = {0, 1, 2};
  for (size_t i = 0; i < COUNT_OF(answers); i++) {
    prepare(what, answers[i]);
    GIVES(answers[i] == EXECMON_ERROR ? EXECMON_STATUS_CALLBACK : EXECMON_OK,
          execmon_fire_line(&view, thread, AT_LINE_2, NULL));
    CHECK_INT(runs, 1);
    CHECK_INT(drops, 1);
    OK(execmon_fire_line(&view, thread, AT_LINE_2, &err));
    CHECK_INT(runs, 1);
    stop();
    CHECK_INT(drops, 1);
  }
}

static void it_may_end_itself(void) {
  ends_itself(free_the_tool);
  ends_itself(clear_the_tool);
  ends_itself(remove_itself);
  ends_itself(replace_itself);
}

static void change_events(void) {
  OK(execmon_set_events(monitor, 0, 0, &err));
  OK(execmon_set_local_events(monitor, 0, code, EXECMON_EVENT_JUMP, &err));
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_JUMP, see, NULL, NULL, &err));
}

static void it_may_set_events(void) {
  prepare(change_events, EXECMON_CONTINUE);
  seen_count = 0;
  OK(execmon_fire_line(&view, thread, AT_LINE_2, &err));
  OK(execmon_fire_line(&view, thread, AT_LINE_2, &err));
  OK(execmon_fire_jump(&view, thread, AT_JUMP, &err));
  CHECK_INT(runs, 1);
  CHECK_INT(seen_count, 1);
  stop();
}

static void use_another_tool(void) {
  OK(execmon_use_tool_id(monitor, 4, "higher", &err));
  OK(execmon_set_events(monitor, 4, EXECMON_EVENT_LINE, &err));
  OK(execmon_register_callback(monitor, 4, EXECMON_EVENT_LINE, see, NULL, NULL, &err));
  deed = NULL;
}

static void it_may_start_tools(void) {
  prepare(use_another_tool, EXECMON_CONTINUE);
  seen_count = 0;
  OK(execmon_fire_line(&view, thread, AT_LINE_2, &err));
  CHECK_INT(seen_count, 0);
  OK(execmon_fire_line(&view, thread, AT_LINE_2, &err));
  CHECK_INT(seen_count, 1);
  CHECK_INT(runs, 2);
  stop();
}

static void fire_again(void) {
  int32_t inside = 0;
  OK(execmon_thread_in_callback(thread, &inside, &err));
  CHECK_INT(inside, 1);
  OK(execmon_fire_line(&view, thread, AT_LINE_2, &err));
  OK(execmon_deliver(thread, code, AT_BRANCH, EXECMON_EVENT_LINE, NULL, &err));
}

static void nothing_fires_while_it_runs(void) {
  prepare(fire_again, EXECMON_CONTINUE);
  OK(execmon_fire_line(&view, thread, AT_LINE_2, &err));
  CHECK_INT(runs, 1);
  OK(execmon_fire_line(&view, thread, AT_LINE_2, &err));
  CHECK_INT(runs, 2);
  stop();
}

static void restart(void) { OK(execmon_restart_events(monitor, &err)); }

static void disable_after_restart_counts(void) {
  prepare(restart, EXECMON_DISABLE);
  OK(execmon_fire_line(&view, thread, AT_LINE_2, &err));
  OK(execmon_fire_line(&view, thread, AT_LINE_2, &err));
  CHECK_INT(runs, 1);
  stop();
}

static void free_everything(void) {
  GIVES(EXECMON_OK, execmon_monitor_free(monitor));
  GIVES(EXECMON_OK, execmon_code_release(code));
  GIVES(EXECMON_OK, execmon_thread_free(thread));
  GIVES(EXECMON_STATUS_HANDLE, execmon_thread_free(thread));
  FAILS(EXECMON_STATUS_HANDLE, "thread state", execmon_exit(thread, &err));
  FAILS(EXECMON_STATUS_HANDLE, "monitor", execmon_restart_events(monitor, &err));
}

static void it_may_free_everything(void) {
  static const execmon_action answers[] = {0, 1, 2};
  for (size_t i = 0; i < COUNT_OF(answers); i++) {
    prepare(free_everything, answers[i]);
    GIVES(answers[i] == EXECMON_ERROR ? EXECMON_STATUS_CALLBACK : EXECMON_OK,
          execmon_deliver(thread, code, AT_LINE_2, EXECMON_EVENT_LINE, NULL, NULL));
    CHECK_INT(runs, 1);
    CHECK_INT(drops, 1);
    GIVES(EXECMON_STATUS_HANDLE, execmon_monitor_free(monitor));
    GIVES(EXECMON_STATUS_HANDLE, execmon_code_release(code));
    GIVES(EXECMON_STATUS_HANDLE, execmon_thread_free(thread));
  }
}

/* A drop function that uses the library. */
static void register_another(void *user) {
  ++*(int *)user;
  OK(execmon_register_callback(monitor, 1, EXECMON_EVENT_LINE, see, NULL, NULL, &err));
  OK(execmon_free_tool_id(monitor, 0, &err));
}

static void a_drop_function_may_call_the_library(void) {
  int dropped = 0;
  start();
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, see, &dropped, register_another, &err));
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, NULL, NULL, NULL, &err));
  CHECK_INT(dropped, 1);
  stop();
}

static execmon_code *kept;

static execmon_action keep(const execmon_event *event, void *user) {
  (void)user;
  OK(execmon_code_retain(event->code, &err));
  kept = event->code;
  return EXECMON_CONTINUE;
}

static void a_code_object_may_be_kept(void) {
  start();
  watch(0, EXECMON_EVENT_LINE, NULL);
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, keep, NULL, NULL, &err));
  OK(execmon_deliver(thread, code, AT_LINE_2, EXECMON_EVENT_LINE, NULL, &err));
  stop();
  CHECK_TEXT(execmon_code_name(kept), "f");
  GIVES(EXECMON_OK, execmon_code_release(kept));
  CHECK(execmon_code_name(kept) == NULL);
}

int main(void) {
  RUN(users_are_dropped_once);
  RUN(nothing_is_dropped_on_failure);
  RUN(it_may_end_itself);
  RUN(it_may_set_events);
  RUN(it_may_start_tools);
  RUN(nothing_fires_while_it_runs);
  RUN(disable_after_restart_counts);
  RUN(it_may_free_everything);
  RUN(a_drop_function_may_call_the_library);
  RUN(a_code_object_may_be_kept);
  return finish();
}
