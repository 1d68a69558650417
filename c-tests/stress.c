/*
 * Many threads at once: foreign code fires while tools come and go, interpreters run while others watch and interrupt
 * them, and handles are freed under everybody's feet.  Under ThreadSanitizer (tools/sanitize.sh) it finds data races;
 * by itself it checks that every status is one that the header names.
 *
 *   stress [ROUNDS]
 */
#define _DEFAULT_SOURCE
#include "host.h"

#include <pthread.h>
#include <unistd.h>

enum { FIRING_THREADS = 3, SHARED_CODE = 4 };

static int rounds = 300;
static int stop_now; /* set once, by __atomic builtins */
static execmon_code *codes[SHARED_CODE];
static int calls, drops, made; /* by __atomic builtins */

static void count(int *counter) { __atomic_add_fetch(counter, 1, __ATOMIC_RELAXED); }

static execmon_code *seen_code; /* by __atomic builtins; perhaps freed since */

static void drop_one(void *user) {
  (void)user;
  count(&drops);
}

static execmon_action on_any(const execmon_event *event, void *user) {
  static const execmon_action actions[] = {EXECMON_CONTINUE, 1, EXECMON_CONTINUE, EXECMON_ERROR};
  (void)user;
  count(&calls);
  if (execmon_code_name(event->code) == NULL) abort();
  __atomic_store_n(&seen_code, event->code, __ATOMIC_RELEASE);
  return actions[(event->location + (uint32_t)event->tool + event->event) % COUNT_OF(actions)];
}

static void expect(execmon_status got, execmon_status one, execmon_status other) {
  if (got != EXECMON_OK && got != one && got != other) {
    fprintf(stderr, "unexpected status %d\n", (int)got);
    abort();
  }
}

static void *fire_all(void *user) {
  unsigned seed = (unsigned)(size_t)user;
  execmon_thread *own = NULL;
  execmon_view views[SHARED_CODE];
  expect(execmon_thread_new(monitor, &own, NULL), EXECMON_OK, EXECMON_OK);
  for (int i = 0; i < SHARED_CODE; i++) expect(execmon_code_view(codes[i], &views[i], NULL), EXECMON_OK, EXECMON_OK);
  while (!__atomic_load_n(&stop_now, __ATOMIC_ACQUIRE)) {
    const execmon_view *at = &views[seed++ % SHARED_CODE];
    uint8_t follow = 0;
    expect(execmon_fire_enter(at, own, NULL), EXECMON_OK, EXECMON_OK);
    for (int i = 0; i < 20; i++) {
      const execmon_status a = EXECMON_STATUS_CALLBACK, b = EXECMON_STATUS_CANNOT_DISABLE;
      expect(execmon_fire_start(at, own, AT_START, NULL), a, b);
      expect(execmon_fire_begin(at, own, AT_LINE_2, 1, NULL), a, b);
      expect(execmon_fire_call(at, own, AT_CALL, &seed, NULL, &follow, NULL), a, b);
      expect(execmon_fire_c_return(at, own, AT_CALL, &seed, NULL, &seed, follow, NULL), a, b);
      expect(execmon_fire_branch_right(at, own, AT_BRANCH, NULL), a, b);
      expect(execmon_fire_jump(at, own, AT_JUMP, NULL), a, b);
      expect(execmon_fire_raise(at, own, AT_RETURN, &seed, NULL), a, b);
      expect(execmon_fire_return(at, own, AT_RETURN, &seed, NULL), a, b);
    }
    expect(execmon_fire_exit(own, NULL), EXECMON_OK, EXECMON_OK);
  }
  expect(execmon_thread_free(own), EXECMON_OK, EXECMON_OK);
  return NULL;
}

/* Registers, replaces, disables, restarts, clears and frees tools. */
static void change_tools(execmon_monitor *at, execmon_code *code_of, unsigned seed) {
  static const int64_t events[] = {EXECMON_EVENT_LINE, EXECMON_EVENT_CALL, EXECMON_EVENT_BRANCH, EXECMON_EVENT_RAISE,
                                   EXECMON_EVENT_PY_START, EXECMON_EVENT_INSTRUCTION, EXECMON_EVENT_C_RETURN};
  int32_t tool = (int32_t)(seed % 6);
  execmon_use_tool_id(at, tool, "stress", NULL);
  for (size_t i = 0; i < COUNT_OF(events); i++) {
    count(&made);
    if (execmon_register_callback(at, tool, events[i], on_any, NULL, drop_one, NULL) != EXECMON_OK) abort();
  }
  execmon_set_events(at, tool, events[seed % 6] | EXECMON_EVENT_CALL | EXECMON_EVENT_C_RETURN | EXECMON_EVENT_C_RAISE,
                     NULL);
  if (code_of) execmon_set_local_events(at, tool, code_of, events[seed % 3], NULL);
  switch (seed % 5) {
    case 0: execmon_restart_events(at, NULL); break;
    case 1: execmon_clear_tool_id(at, tool, NULL); break;
    case 2: execmon_free_tool_id(at, tool, NULL); break;
    case 3: execmon_register_callback(at, tool, EXECMON_EVENT_LINE, NULL, NULL, NULL, NULL); break;
    default: execmon_set_events(at, tool, 0, NULL);
  }
}

static void *change_all(void *user) {
  unsigned seed = (unsigned)(size_t)user;
  for (int i = 0; i < rounds; i++, seed += 7) {
    execmon_code *own = NULL;
    execmon_code_spec spec = a_spec();
    expect(execmon_register_code(monitor, &spec, &own, NULL), EXECMON_OK, EXECMON_OK);
    change_tools(monitor, codes[seed % SHARED_CODE], seed);
    change_tools(monitor, own, seed + 1);
    expect(execmon_code_release(own), EXECMON_OK, EXECMON_OK);
  }
  return NULL;
}

/* ---- interpreters */

typedef struct {
  execmon_interp *interp; /* by __atomic builtins; NULL while there is none */
  int ended;
} shared_interp;

static void *run_interpreters(void *user) {
  static const char source[] =
      "def f(n):\n"
      "    total = 0\n"
      "    for i in range(n):\n"
      "        if i % 3: total += len(str(i))\n"
      "    return total\n"
      "def g():\n"
      "    try:\n"
      "        for _ in range(20): f(30)\n"
      "    except (RuntimeError, KeyboardInterrupt): pass\n"
      "g()\n";
  shared_interp *shared = (shared_interp *)user;
  for (int i = 0; i < rounds / 30 + 1; i++) {
    execmon_interp *own = NULL;
    expect(execmon_interp_new(NULL, &own, NULL), EXECMON_OK, EXECMON_OK);
    __atomic_store_n(&shared->interp, own, __ATOMIC_RELEASE);
    for (int j = 0; j < 4; j++) {
      execmon_status status = execmon_run_string(own, "m", source, sizeof source - 1, NULL);
      expect(status, EXECMON_STATUS_EXCEPTION, EXECMON_STATUS_TERMINATED);
    }
    expect(execmon_interp_free(own), EXECMON_OK, EXECMON_OK); /* while the other thread has the handle still */
  }
  __atomic_store_n(&shared->ended, 1, __ATOMIC_RELEASE);
  return NULL;
}

static void *disturb_interpreters(void *user) {
  shared_interp *shared = (shared_interp *)user;
  for (unsigned seed = 0; !__atomic_load_n(&shared->ended, __ATOMIC_ACQUIRE); seed++) {
    execmon_interp *other = __atomic_load_n(&shared->interp, __ATOMIC_ACQUIRE);
    execmon_value *value = NULL;
    execmon_monitor *at = execmon_interp_monitor(other);
    if (at == NULL) continue;
    /* Callbacks may be registered, and die, on any thread; statuses depend on when the interpreter goes. */
    execmon_use_tool_id(at, 3, "other", NULL);
    count(&made);
    if (execmon_register_callback(at, 3, EXECMON_EVENT_LINE, on_any, NULL, drop_one, NULL) != EXECMON_OK) count(&drops);
    execmon_set_events(at, 3, seed % 2 ? EXECMON_EVENT_LINE : 0, NULL);
    /* Code of a program that runs, or ran: to be read, kept and watched from here. */
    execmon_code *code_of = __atomic_load_n(&seen_code, __ATOMIC_ACQUIRE);
    execmon_position position;
    int32_t lines[8];
    size_t line_count;
    if (execmon_code_retain(code_of, NULL) == EXECMON_OK) {
      execmon_code_lines(code_of, lines, COUNT_OF(lines), &line_count, NULL);
      execmon_code_position(code_of, 0, &position, NULL);
      execmon_set_local_events(at, 3, code_of, EXECMON_EVENT_LINE | EXECMON_EVENT_BRANCH, NULL);
      if (seed % 4 == 0) execmon_set_local_events(at, 3, code_of, 0, NULL);
      expect(execmon_code_release(code_of), EXECMON_OK, EXECMON_OK);
    }
    if (seed % 64 == 0) execmon_interrupt(other, NULL);
    if (seed % 256 == 0) execmon_terminate(other, NULL);
    if (seed % 8 == 0) execmon_free_tool_id(at, 3, NULL);
    if (execmon_run_string(other, "m", "x", 1, NULL) == EXECMON_OK) abort();
    if (execmon_make_int(other, 1, &value, NULL) == EXECMON_OK) abort();
    if (execmon_interp_free(other) == EXECMON_OK) abort(); /* not its thread */
    usleep(100);
  }
  return NULL;
}

/* ---- handles that several threads free at once */

static void *free_codes(void *user) {
  execmon_code **mine = (execmon_code **)user;
  for (int i = 0; i < 64; i++) {
    execmon_code_name(mine[i]);
    execmon_code_retain(mine[i], NULL);
    expect(execmon_code_release(mine[i]), EXECMON_STATUS_HANDLE, EXECMON_STATUS_STATE);
    expect(execmon_code_release(mine[i]), EXECMON_STATUS_HANDLE, EXECMON_STATUS_STATE);
  }
  return NULL;
}

static void *use_thread_state(void *user) {
  execmon_thread *shared = (execmon_thread *)user;
  for (int i = 0; i < rounds; i++) {
    if (execmon_enter(shared, codes[0], NULL) == EXECMON_OK) execmon_exit(shared, NULL);
    expect(execmon_deliver(shared, codes[0], AT_START, EXECMON_EVENT_PY_START, NULL, NULL), EXECMON_STATUS_THREAD,
           EXECMON_STATUS_CALLBACK);
  }
  return NULL;
}

static void handles_are_freed_by_several(void) {
  execmon_code *doomed[64];
  execmon_thread *shared = NULL;
  pthread_t threads[3];
  OK(execmon_monitor_new(&monitor, &err));
  for (int i = 0; i < SHARED_CODE; i++) codes[i] = register_one(monitor);
  OK(execmon_thread_new(monitor, &shared, &err));
  for (int round = 0; round < rounds / 30 + 1; round++) {
    for (int i = 0; i < 64; i++) doomed[i] = register_one(monitor);
    for (int i = 0; i < 3; i++) CHECK_INT(pthread_create(&threads[i], NULL, free_codes, doomed), 0);
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  }
  for (int i = 0; i < 3; i++) CHECK_INT(pthread_create(&threads[i], NULL, use_thread_state, shared), 0);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  GIVES(EXECMON_OK, execmon_thread_free(shared));
  for (int i = 0; i < SHARED_CODE; i++) GIVES(EXECMON_OK, execmon_code_release(codes[i]));
  GIVES(EXECMON_OK, execmon_monitor_free(monitor));
}

static void foreign_code_fires_while_tools_change(void) {
  pthread_t firing[FIRING_THREADS], changing[2];
  OK(execmon_monitor_new(&monitor, &err));
  for (int i = 0; i < SHARED_CODE; i++) codes[i] = register_one(monitor);
  for (int i = 0; i < FIRING_THREADS; i++) {
    CHECK_INT(pthread_create(&firing[i], NULL, fire_all, (void *)(size_t)i), 0);
  }
  for (int i = 0; i < 2; i++) CHECK_INT(pthread_create(&changing[i], NULL, change_all, (void *)(size_t)(i * 3)), 0);
  for (int i = 0; i < 2; i++) pthread_join(changing[i], NULL);
  __atomic_store_n(&stop_now, 1, __ATOMIC_RELEASE);
  for (int i = 0; i < FIRING_THREADS; i++) pthread_join(firing[i], NULL);
  for (int i = 0; i < SHARED_CODE; i++) GIVES(EXECMON_OK, execmon_code_release(codes[i]));
  GIVES(EXECMON_OK, execmon_monitor_free(monitor));
  CHECK(calls > 0);
  CHECK_INT(drops, made);
}

static void interpreters_run_while_others_watch(void) {
  pthread_t threads[4];
  shared_interp shared[2];
  memset(shared, 0, sizeof shared);
  calls = drops = made = 0;
  for (int i = 0; i < 2; i++) {
    CHECK_INT(pthread_create(&threads[2 * i], NULL, run_interpreters, &shared[i]), 0);
    CHECK_INT(pthread_create(&threads[2 * i + 1], NULL, disturb_interpreters, &shared[i]), 0);
  }
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  CHECK_INT(drops, made);
}

int main(int argc, char **argv) {
  if (argc > 1) rounds = atoi(argv[1]);
  alarm(1200);
  RUN(foreign_code_fires_while_tools_change);
  RUN(interpreters_run_while_others_watch);
  RUN(handles_are_freed_by_several);
  return finish();
}
