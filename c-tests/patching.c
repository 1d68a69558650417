/* A host that patches its code in place of testing armed bytes. */
#include "host.h"

/* The host's code: what each of its instructions is armed with. */
typedef struct {
  uint8_t armed[LOCATIONS];
  int patches;
} patched;

static void patch(void *host, uint32_t location, uint8_t armed) {
  patched *mine = (patched *)host;
  int64_t events;
  mine->armed[location] = armed;
  mine->patches++;
  /* The lock is held: calls are refused, and do not hang. */
  CHECK_INT(execmon_get_events(monitor, 0, &events, NULL), EXECMON_STATUS_BUSY);
  CHECK_INT(execmon_restart_events(monitor, NULL), EXECMON_STATUS_BUSY);
}

static execmon_code *register_patched(patched *mine) {
  execmon_code_spec spec = a_spec();
  execmon_code *made = NULL;
  memset(mine, 0, sizeof *mine);
  spec.host = mine, spec.patch = patch;
  OK(execmon_register_code(monitor, &spec, &made, &err));
  return made;
}

static void code_is_patched_when_it_is_renewed(void) {
  patched mine;
  execmon_code *made;
  start();
  made = register_patched(&mine);
  watch(0, EXECMON_EVENT_LINE, NULL);
  CHECK_INT(mine.patches, 0);
  OK(execmon_code_renew(made, &err));
  CHECK_INT(mine.patches, 4);
  CHECK_INT(mine.armed[AT_LINE_2], EXECMON_ARMED_LINE);
  OK(execmon_code_renew(made, &err));
  CHECK_INT(mine.patches, 4);
  OK(execmon_set_events(monitor, 0, 0, &err));
  CHECK_INT(mine.armed[AT_LINE_2], EXECMON_ARMED_LINE);
  OK(execmon_code_renew(made, &err));
  CHECK_INT(mine.armed[AT_LINE_2], 0);
  CHECK_INT(mine.patches, 8);
  GIVES(EXECMON_OK, execmon_code_release(made));
  stop();
}

static void disabling_patches_one_location(void) {
  execmon_action disable = EXECMON_DISABLE;
  patched mine;
  execmon_code *made;
  start();
  made = register_patched(&mine);
  watch(0, EXECMON_EVENT_LINE, &disable);
  OK(execmon_code_renew(made, &err));
  OK(execmon_deliver(thread, made, AT_LINE_2, EXECMON_EVENT_LINE, NULL, &err));
  CHECK_INT(mine.armed[AT_LINE_2], 0);
  CHECK_INT(mine.armed[AT_BRANCH], EXECMON_ARMED_LINE);
  CHECK_INT(mine.patches, 5);
  OK(execmon_code_disarm(made, &err));
  CHECK_INT(mine.armed[AT_BRANCH], 0);
  GIVES(EXECMON_OK, execmon_code_release(made));
  stop();
}

int main(void) {
  RUN(code_is_patched_when_it_is_renewed);
  RUN(disabling_patches_one_location);
  return finish();
}
