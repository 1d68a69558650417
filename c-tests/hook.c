/* Hooks. */
#include "host.h"

static int audits, registering;
static execmon_callback audited;
static void *audited_user;
static execmon_action verdict;

static execmon_action audit(const char *event, int registers, execmon_callback callback, void *callback_user,
                            void *user) {
  CHECK_TEXT(event, "sys.monitoring.register_callback");
  CHECK(user != NULL);
  audits++;
  registering = registers, audited = callback, audited_user = callback_user;
  return verdict;
}

static void the_audit_hook_is_asked(void) {
  int dropped = 0, user = 0;
  start();
  verdict = EXECMON_CONTINUE, audits = 0;
  OK(execmon_set_audit_hook(monitor, audit, &dropped, count_drop, &err));
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, see, &user, NULL, &err));
  CHECK_INT(audits, 1);
  CHECK(registering && audited == see && audited_user == &user);
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, NULL, NULL, NULL, &err));
  CHECK_INT(audits, 2);
  CHECK(!registering && audited == NULL && audited_user == NULL);
  verdict = EXECMON_ERROR;
  FAILS(EXECMON_STATUS_REFUSED, "the audit hook refused sys.monitoring.register_callback",
        execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, see, &user, count_drop, &err));
  CHECK_INT(user, 0);
  CHECK_INT(audits, 3);
  OK(execmon_use_tool_id(monitor, 0, "tool", &err));
  OK(execmon_set_events(monitor, 0, EXECMON_EVENT_LINE, &err));
  OK(execmon_free_tool_id(monitor, 0, &err));
  CHECK_INT(audits, 3);
  OK(execmon_set_audit_hook(monitor, NULL, NULL, NULL, &err));
  CHECK_INT(dropped, 1);
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, see, NULL, NULL, &err));
  OK(execmon_set_audit_hook(monitor, audit, &dropped, count_drop, &err));
  stop();
  CHECK_INT(dropped, 2);
  CHECK_INT(audits, 3);
}

static int changes;
static execmon_code *changed_code;

static void changed(execmon_code *which, void *user) {
  CHECK(user == &changes);
  changes++;
  changed_code = which;
}

static void a_change_is_told(void) {
  start();
  changes = 0;
  OK(execmon_set_changed_hook(monitor, changed, &changes, NULL, &err));
  OK(execmon_use_tool_id(monitor, 0, "tool", &err));
  CHECK_INT(changes, 0);
  OK(execmon_set_events(monitor, 0, EXECMON_EVENT_LINE, &err));
  CHECK_INT(changes, 1);
  CHECK(changed_code == NULL);
  OK(execmon_set_local_events(monitor, 0, code, EXECMON_EVENT_JUMP, &err));
  CHECK_INT(changes, 2);
  CHECK(changed_code == code);
  OK(execmon_restart_events(monitor, &err));
  CHECK_INT(changes, 3);
  CHECK(changed_code == NULL);
  OK(execmon_set_changed_hook(monitor, NULL, NULL, NULL, &err));
  OK(execmon_restart_events(monitor, &err));
  CHECK_INT(changes, 3);
  stop();
}

/* A hook that removes itself runs to its end. */
static void remove_hook(execmon_code *which, void *user) {
  (void)which;
  OK(execmon_set_changed_hook(monitor, NULL, NULL, NULL, &err));
  CHECK_INT(*(int *)user, 0);
}

static void a_hook_may_remove_itself(void) {
  int dropped = 0;
  start();
  OK(execmon_set_changed_hook(monitor, remove_hook, &dropped, count_drop, &err));
  OK(execmon_restart_events(monitor, &err));
  CHECK_INT(dropped, 1);
  OK(execmon_restart_events(monitor, &err));
  stop();
}

int main(void) {
  RUN(the_audit_hook_is_asked);
  RUN(a_change_is_told);
  RUN(a_hook_may_remove_itself);
  return finish();
}
