/* A monitor with one code object and one thread state, for tests of what fires. */
#ifndef HOST_H
#define HOST_H

#include "check.h"

static execmon_monitor *monitor;
static execmon_code *code;
static execmon_thread *thread;
static execmon_view view;

/* Where things are in `locations`. */
enum { AT_START, AT_LINE_2, AT_CALL, AT_BRANCH, AT_JUMP, AT_YIELD, AT_RETURN, AT_NOTHING, LOCATIONS };

static const execmon_location locations[LOCATIONS] = {
    {0, 1, EXECMON_EVENT_PY_START | EXECMON_EVENT_PY_RESUME, EXECMON_NO_LOCATION, EXECMON_NO_LOCATION,
     EXECMON_NO_LOCATION},
    {2, 2, EXECMON_EVENT_LINE | EXECMON_EVENT_INSTRUCTION, EXECMON_NO_LOCATION, EXECMON_NO_LOCATION,
     EXECMON_NO_LOCATION},
    {4, 2, EXECMON_EVENT_INSTRUCTION | EXECMON_EVENT_CALL, EXECMON_NO_LOCATION, EXECMON_NO_LOCATION,
     EXECMON_NO_LOCATION},
    {6, 3, EXECMON_EVENT_LINE | EXECMON_EVENT_INSTRUCTION | EXECMON_EVENT_BRANCH, AT_JUMP, AT_RETURN,
     EXECMON_NO_LOCATION},
    {8, 4, EXECMON_EVENT_LINE | EXECMON_EVENT_INSTRUCTION | EXECMON_EVENT_JUMP, EXECMON_NO_LOCATION,
     EXECMON_NO_LOCATION, AT_LINE_2},
    {10, 5, EXECMON_EVENT_PY_YIELD | EXECMON_EVENT_STOP_ITERATION, EXECMON_NO_LOCATION, EXECMON_NO_LOCATION,
     EXECMON_NO_LOCATION},
    {12, 6, EXECMON_EVENT_LINE | EXECMON_EVENT_PY_RETURN, EXECMON_NO_LOCATION, EXECMON_NO_LOCATION,
     EXECMON_NO_LOCATION},
    {14, EXECMON_NO_LINE, 0, EXECMON_NO_LOCATION, EXECMON_NO_LOCATION, EXECMON_NO_LOCATION},
};

static inline execmon_code_spec a_spec(void) {
  execmon_code_spec spec;
  memset(&spec, 0, sizeof spec);
  spec.size = sizeof spec;
  spec.name = "f";
  spec.qualified_name = "C.f";
  spec.file = "calc.src";
  spec.first_line = 1;
  spec.location_count = LOCATIONS;
  spec.locations = locations;
  return spec;
}

static inline execmon_code *register_one(execmon_monitor *at) {
  execmon_code_spec spec = a_spec();
  execmon_code *made = NULL;
  OK(execmon_register_code(at, &spec, &made, &err));
  return made;
}

static inline void start(void) {
  OK(execmon_monitor_new(&monitor, &err));
  code = register_one(monitor);
  OK(execmon_thread_new(monitor, &thread, &err));
  OK(execmon_code_view(code, &view, &err));
}

static inline void stop(void) {
  GIVES(EXECMON_OK, execmon_thread_free(thread));
  GIVES(EXECMON_OK, execmon_code_release(code));
  GIVES(EXECMON_OK, execmon_monitor_free(monitor));
}

/* What a callback saw. */
static int seen_count;
static execmon_event seen[64];

static inline execmon_action see(const execmon_event *event, void *user) {
  if (seen_count < (int)COUNT_OF(seen)) seen[seen_count] = *event;
  seen_count++;
  return user ? *(execmon_action *)user : EXECMON_CONTINUE;
}

/* Tool `tool` gets `events`, each by `see` with `action`. */
static inline void watch(int32_t tool, int64_t events, execmon_action *action) {
  OK(execmon_use_tool_id(monitor, tool, "watch", &err));
  OK(execmon_set_events(monitor, tool, events, &err));
  for (int bit = 0; bit <= 18; bit++) {
    if (events & (int64_t)1 << bit) {
      OK(execmon_register_callback(monitor, tool, (int64_t)1 << bit, see, action, NULL, &err));
    }
  }
  seen_count = 0;
}

#endif
