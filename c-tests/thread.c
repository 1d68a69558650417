/* Thread states. */
#include "host.h"

#include <pthread.h>
#include <sched.h>

static void scopes_nest(void) {
  int32_t inside = 9;
  start();
  FAILS(EXECMON_STATUS_STATE, "no scope", execmon_exit(thread, &err));
  OK(execmon_enter(thread, code, &err));
  OK(execmon_enter(thread, code, &err));
  OK(execmon_exit(thread, &err));
  OK(execmon_exit(thread, &err));
  FAILS(EXECMON_STATUS_STATE, "no scope", execmon_exit(thread, &err));
  OK(execmon_thread_in_callback(thread, &inside, &err));
  CHECK_INT(inside, 0);
  FAILS(EXECMON_STATUS_NULL, "in_callback", execmon_thread_in_callback(thread, NULL, &err));
  stop();
}

static void a_scope_follows_changes(void) {
  start();
  OK(execmon_fire_enter(&view, thread, &err));
  watch(0, EXECMON_EVENT_LINE, NULL);
  CHECK_INT(execmon_fire_armed(&view, AT_LINE_2), EXECMON_ARMED_LINE);
  OK(execmon_set_events(monitor, 0, 0, &err));
  CHECK_INT(execmon_fire_armed(&view, AT_LINE_2), 0);
  OK(execmon_fire_exit(thread, &err));
  stop();
}

static void parties_must_fit(void) {
  execmon_monitor *other;
  execmon_thread *stranger;
  OK(execmon_monitor_new(&other, &err));
  OK(execmon_thread_new(other, &stranger, &err));
  start();
  FAILS(EXECMON_STATUS_FOREIGN, "another monitor", execmon_enter(stranger, code, &err));
  FAILS(EXECMON_STATUS_FOREIGN, "another monitor",
        execmon_deliver(stranger, code, AT_START, EXECMON_EVENT_PY_START, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "thread", execmon_thread_new(other, NULL, &err));
  FAILS(EXECMON_STATUS_NULL, "monitor", execmon_thread_new(NULL, &stranger, &err));
  stop();
  GIVES(EXECMON_OK, execmon_monitor_free(other));
  GIVES(EXECMON_OK, execmon_thread_free(stranger));
}

static void without_thread(execmon_thread *none, execmon_status status) {
  int32_t inside;
  uint8_t follow;
  FAILS(status, "thread state", execmon_thread_in_callback(none, &inside, &err));
  FAILS(status, "thread state", execmon_enter(none, code, &err));
  FAILS(status, "thread state", execmon_exit(none, &err));
  FAILS(status, "thread state", execmon_deliver(none, code, 0, EXECMON_EVENT_LINE, NULL, &err));
  FAILS(status, "thread state", execmon_deliver_begin(none, code, 0, 1, 1, &err));
  FAILS(status, "thread state", execmon_deliver_call(none, code, 0, NULL, &follow, &err));
  FAILS(status, "thread state", execmon_deliver_return(none, code, 0, EXECMON_EVENT_C_RETURN, NULL, 1, &err));
}

static void a_thread_state_must_be_one(void) {
  execmon_thread *freed;
  start();
  without_thread(NULL, EXECMON_STATUS_NULL);
  without_thread((execmon_thread *)no_handle(), EXECMON_STATUS_HANDLE);
  without_thread((execmon_thread *)code, EXECMON_STATUS_HANDLE);
  OK(execmon_thread_new(monitor, &freed, &err));
  GIVES(EXECMON_OK, execmon_thread_free(freed));
  without_thread(freed, EXECMON_STATUS_HANDLE);
  GIVES(EXECMON_STATUS_HANDLE, execmon_thread_free(freed));
  GIVES(EXECMON_OK, execmon_thread_free(NULL));
  stop();
}

static void *use_elsewhere(void *unused) {
  execmon_error *mine = NULL;
  (void)unused;
  CHECK_INT(execmon_deliver(thread, code, AT_LINE_2, EXECMON_EVENT_LINE, NULL, &mine), EXECMON_STATUS_THREAD);
  CHECK_TEXT(execmon_error_message(mine), "another thread is using this thread state");
  execmon_error_free(mine);
  CHECK_INT(execmon_thread_free(thread), EXECMON_STATUS_THREAD);
  return NULL;
}

static execmon_action let_another_thread_try(const execmon_event *event, void *user) {
  pthread_t other;
  (void)event, (void)user;
  CHECK_INT(pthread_create(&other, NULL, use_elsewhere, NULL), 0);
  CHECK_INT(pthread_join(other, NULL), 0);
  return EXECMON_CONTINUE;
}

static void two_threads_cannot_share_a_state(void) {
  start();
  watch(0, EXECMON_EVENT_LINE, NULL);
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, let_another_thread_try, NULL, NULL, &err));
  OK(execmon_deliver(thread, code, AT_LINE_2, EXECMON_EVENT_LINE, NULL, &err));
  stop();
}

static void *move_in(void *unused) {
  (void)unused;
  CHECK_INT(execmon_enter(thread, code, NULL), EXECMON_OK);
  return NULL;
}

static void a_state_may_move(void) {
  pthread_t other;
  start();
  CHECK_INT(pthread_create(&other, NULL, move_in, NULL), 0);
  CHECK_INT(pthread_join(other, NULL), 0);
  OK(execmon_exit(thread, &err));
  stop();
}

/* Fires until the library has the thread state at hand, and fires it from there. */
static int fire_some(execmon_thread *mine, execmon_code *of) {
  int failures = 0;
  for (int i = 0; i < 8; i++) {
    failures += execmon_deliver(mine, of, AT_LINE_2, EXECMON_EVENT_LINE, NULL, NULL) != EXECMON_OK;
  }
  return failures;
}

enum { MOVES = 40 };

static int whose_turn; /* by __atomic builtins */

static void *fire_in_turns(void *me) {
  int failures = 0;
  for (int i = 0; i < MOVES; i++) {
    while (__atomic_load_n(&whose_turn, __ATOMIC_ACQUIRE) != *(int *)me) sched_yield();
    failures += fire_some(thread, code);
    __atomic_store_n(&whose_turn, 1 - *(int *)me, __ATOMIC_RELEASE);
  }
  *(int *)me = failures;
  return me;
}

static void a_state_may_move_between_threads_that_fire(void) {
  pthread_t others[2];
  int me[2] = {0, 1};
  start();
  watch(0, EXECMON_EVENT_LINE, NULL);
  whose_turn = 0;
  for (int i = 0; i < 2; i++) CHECK_INT(pthread_create(&others[i], NULL, fire_in_turns, &me[i]), 0);
  for (int i = 0; i < 2; i++) CHECK_INT(pthread_join(others[i], NULL), 0);
  CHECK_INT(me[0] + me[1], 0);
  CHECK_INT(seen_count, 2 * MOVES * 8);
  CHECK_INT(fire_some(thread, code), 0);
  CHECK_INT(seen_count, 2 * MOVES * 8 + 8);
  stop();
}

static int died;

static void die(void *user) {
  (void)user;
  __atomic_store_n(&died, 1, __ATOMIC_RELEASE);
}

static execmon_code *mortal(void) {
  execmon_code *made = NULL;
  execmon_code_spec spec = a_spec();
  spec.drop = die;
  died = 0;
  OK(execmon_register_code(monitor, &spec, &made, &err));
  return made;
}

static void *release_elsewhere(void *which) {
  CHECK_INT(execmon_code_release((execmon_code *)which), EXECMON_OK);
  return NULL;
}

enum { NOTHING, RELEASE, RELEASE_ELSEWHERE, FREE_THREAD };
static int next_act;

static execmon_action act_once(const execmon_event *event, void *user) {
  pthread_t other;
  int act = next_act;
  (void)user;
  next_act = NOTHING;
  switch (act) {
    case RELEASE: GIVES(EXECMON_OK, execmon_code_release(event->code)); break;
    case RELEASE_ELSEWHERE:
      CHECK_INT(pthread_create(&other, NULL, release_elsewhere, event->code), 0);
      CHECK_INT(pthread_join(other, NULL), 0);
      break;
    case FREE_THREAD: GIVES(EXECMON_OK, execmon_thread_free(event->thread)); break;
    default: return EXECMON_CONTINUE;
  }
  /* The code is there as long as its event is delivered. */
  CHECK_INT(died, 0);
  CHECK_TEXT(execmon_code_name(event->code), "f");
  CHECK_INT(execmon_deliver(thread, event->code, AT_LINE_2, EXECMON_EVENT_LINE, NULL, NULL),
            act == FREE_THREAD ? EXECMON_STATUS_HANDLE : EXECMON_OK);
  return EXECMON_CONTINUE;
}

static void what_is_fired_for_dies_behind_the_callback(void) {
  execmon_code *dying;
  start();
  watch(0, EXECMON_EVENT_LINE, NULL);
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, act_once, NULL, NULL, &err));
  for (int act = RELEASE; act <= RELEASE_ELSEWHERE; act++) {
    dying = mortal();
    CHECK_INT(fire_some(thread, dying), 0);
    next_act = act;
    OK(execmon_deliver(thread, dying, AT_LINE_2, EXECMON_EVENT_LINE, NULL, &err));
    CHECK_INT(died, 1);
    FAILS(EXECMON_STATUS_HANDLE, "code object",
          execmon_deliver(thread, dying, AT_LINE_2, EXECMON_EVENT_LINE, NULL, &err));
  }
  dying = mortal();
  CHECK_INT(fire_some(thread, dying), 0);
  next_act = FREE_THREAD;
  OK(execmon_deliver(thread, dying, AT_LINE_2, EXECMON_EVENT_LINE, NULL, &err));
  FAILS(EXECMON_STATUS_HANDLE, "thread state",
        execmon_deliver(thread, dying, AT_LINE_2, EXECMON_EVENT_LINE, NULL, &err));
  GIVES(EXECMON_OK, execmon_code_release(dying));
  CHECK_INT(died, 1);
  OK(execmon_thread_new(monitor, &thread, &err));
  stop();
}

static void parties_are_checked_of_one_who_fires_often(void) {
  execmon_monitor *other;
  execmon_code *theirs;
  start();
  watch(0, EXECMON_EVENT_LINE, NULL);
  OK(execmon_monitor_new(&other, &err));
  theirs = register_one(other);
  CHECK_INT(fire_some(thread, code), 0);
  FAILS(EXECMON_STATUS_FOREIGN, "another monitor",
        execmon_deliver(thread, theirs, AT_LINE_2, EXECMON_EVENT_LINE, NULL, &err));
  FAILS(EXECMON_STATUS_HANDLE, "code object",
        execmon_deliver(thread, (execmon_code *)thread, AT_LINE_2, EXECMON_EVENT_LINE, NULL, &err));
  FAILS(EXECMON_STATUS_VALUE, "location", execmon_deliver(thread, code, LOCATIONS, EXECMON_EVENT_LINE, NULL, &err));
  CHECK_INT(fire_some(thread, code), 0);
  CHECK_INT(seen_count, 16);
  GIVES(EXECMON_OK, execmon_code_release(theirs));
  GIVES(EXECMON_OK, execmon_monitor_free(other));
  stop();
}

static void *register_and_release(void *unused) {
  (void)unused;
  while (!__atomic_load_n(&died, __ATOMIC_ACQUIRE)) {
    execmon_code *own = NULL;
    execmon_code_spec spec = a_spec();
    if (execmon_register_code(monitor, &spec, &own, NULL) != EXECMON_OK) abort();
    fire_some(thread, own);
    if (execmon_code_release(own) != EXECMON_OK) abort();
  }
  return NULL;
}

/* Two threads want one state: either may have it, but both do not, and none sees a code object that has died. */
static void threads_fight_for_a_state(void) {
  pthread_t others[2];
  start();
  watch(0, EXECMON_EVENT_LINE, NULL);
  died = 0;
  for (int i = 0; i < 2; i++) CHECK_INT(pthread_create(&others[i], NULL, register_and_release, NULL), 0);
  for (int i = 0; i < 300; i++) {
    fire_some(thread, code);
    sched_yield();
  }
  __atomic_store_n(&died, 1, __ATOMIC_RELEASE);
  for (int i = 0; i < 2; i++) CHECK_INT(pthread_join(others[i], NULL), 0);
  CHECK_INT(fire_some(thread, code), 0);
  stop();
}

enum { ROUNDS = 3000, THREADS = 3 };

static int volatile_stop;

static execmon_action count(const execmon_event *event, void *user) {
  (void)event;
  __atomic_fetch_add((long *)user, 1, __ATOMIC_RELAXED);
  return EXECMON_CONTINUE;
}

static void *fire_often(void *failures) {
  execmon_thread *mine = NULL;
  if (execmon_thread_new(monitor, &mine, NULL) != EXECMON_OK) return failures;
  for (int i = 0; i < ROUNDS; i++) {
    if (execmon_fire_enter(&view, mine, NULL) != EXECMON_OK ||
        execmon_fire_line(&view, mine, AT_LINE_2, NULL) != EXECMON_OK ||
        execmon_deliver(mine, code, AT_LINE_2, EXECMON_EVENT_LINE, NULL, NULL) != EXECMON_OK ||
        execmon_fire_exit(mine, NULL) != EXECMON_OK) {
      __atomic_fetch_add((int *)failures, 1, __ATOMIC_RELAXED);
    }
  }
  execmon_thread_free(mine);
  return NULL;
}

static void *change_often(void *failures) {
  while (!__atomic_load_n(&volatile_stop, __ATOMIC_ACQUIRE)) {
    if (execmon_set_events(monitor, 0, EXECMON_EVENT_LINE, NULL) != EXECMON_OK ||
        execmon_restart_events(monitor, NULL) != EXECMON_OK ||
        execmon_set_events(monitor, 0, 0, NULL) != EXECMON_OK) {
      __atomic_fetch_add((int *)failures, 1, __ATOMIC_RELAXED);
    }
  }
  return NULL;
}

static void many_threads_fire_while_one_changes(void) {
  pthread_t firing[THREADS], changing;
  int failures = 0;
  long events = 0;
  start();
  watch(0, EXECMON_EVENT_LINE, NULL);
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, count, &events, NULL, &err));
  volatile_stop = 0;
  CHECK_INT(pthread_create(&changing, NULL, change_often, &failures), 0);
  for (int i = 0; i < THREADS; i++) CHECK_INT(pthread_create(&firing[i], NULL, fire_often, &failures), 0);
  for (int i = 0; i < THREADS; i++) CHECK_INT(pthread_join(firing[i], NULL), 0);
  __atomic_store_n(&volatile_stop, 1, __ATOMIC_RELEASE);
  CHECK_INT(pthread_join(changing, NULL), 0);
  CHECK_INT(failures, 0);
  CHECK(events <= 2L * ROUNDS * THREADS);
  stop();
}

int main(void) {
  RUN(scopes_nest);
  RUN(a_scope_follows_changes);
  RUN(parties_must_fit);
  RUN(a_thread_state_must_be_one);
  RUN(two_threads_cannot_share_a_state);
  RUN(a_state_may_move);
  RUN(a_state_may_move_between_threads_that_fire);
  RUN(what_is_fired_for_dies_behind_the_callback);
  RUN(parties_are_checked_of_one_who_fires_often);
  RUN(threads_fight_for_a_state);
  RUN(many_threads_fire_while_one_changes);
  return finish();
}
