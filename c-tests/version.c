/* Versions and event names. */
#include "check.h"

static void versions_agree(void) {
  CHECK_TEXT(execmon_version(), EXECMON_VERSION);
  CHECK_INT(execmon_version_number(), EXECMON_VERSION_NUMBER);
}

static void events_have_names(void) {
  static const struct {
    int64_t event;
    const char *name;
  } events[] = {
      {EXECMON_EVENT_PY_START, "PY_START"},
      {EXECMON_EVENT_PY_RESUME, "PY_RESUME"},
      {EXECMON_EVENT_PY_RETURN, "PY_RETURN"},
      {EXECMON_EVENT_PY_YIELD, "PY_YIELD"},
      {EXECMON_EVENT_CALL, "CALL"},
      {EXECMON_EVENT_LINE, "LINE"},
      {EXECMON_EVENT_INSTRUCTION, "INSTRUCTION"},
      {EXECMON_EVENT_JUMP, "JUMP"},
      {EXECMON_EVENT_BRANCH_LEFT, "BRANCH_LEFT"},
      {EXECMON_EVENT_BRANCH_RIGHT, "BRANCH_RIGHT"},
      {EXECMON_EVENT_STOP_ITERATION, "STOP_ITERATION"},
      {EXECMON_EVENT_RAISE, "RAISE"},
      {EXECMON_EVENT_EXCEPTION_HANDLED, "EXCEPTION_HANDLED"},
      {EXECMON_EVENT_PY_UNWIND, "PY_UNWIND"},
      {EXECMON_EVENT_PY_THROW, "PY_THROW"},
      {EXECMON_EVENT_RERAISE, "RERAISE"},
      {EXECMON_EVENT_C_RETURN, "C_RETURN"},
      {EXECMON_EVENT_C_RAISE, "C_RAISE"},
      {EXECMON_EVENT_BRANCH, "BRANCH"},
  };
  for (size_t i = 0; i < COUNT_OF(events); i++) {
    int64_t event = -1;
    CHECK_INT(events[i].event, (int64_t)1 << i);
    CHECK_TEXT(execmon_event_name(events[i].event), events[i].name);
    OK(execmon_event_from_name(events[i].name, &event, &err));
    CHECK_INT(event, events[i].event);
  }
  CHECK(execmon_event_name(EXECMON_NO_EVENTS) == NULL);
  CHECK(execmon_event_name(3) == NULL);
  CHECK(execmon_event_name((int64_t)1 << COUNT_OF(events)) == NULL);
  CHECK(execmon_event_name(-1) == NULL);
  CHECK(execmon_event_name(INT64_MIN) == NULL);
}

static void wrong_names_are_refused(void) {
  int64_t event = -1;
  FAILS(EXECMON_STATUS_VALUE, "no event is named 'line'", execmon_event_from_name("line", &event, &err));
  FAILS(EXECMON_STATUS_VALUE, "no event is named ''", execmon_event_from_name("", &event, &err));
  FAILS(EXECMON_STATUS_NULL, "the name is NULL", execmon_event_from_name(NULL, &event, &err));
  FAILS(EXECMON_STATUS_TEXT, "not UTF-8", execmon_event_from_name("\xff\xfe", &event, &err));
  FAILS(EXECMON_STATUS_NULL, "event is NULL", execmon_event_from_name("LINE", NULL, &err));
  CHECK_INT(event, -1);
}

int main(void) {
  RUN(versions_agree);
  RUN(events_have_names);
  RUN(wrong_names_are_refused);
  return finish();
}
