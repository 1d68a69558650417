/*
 * A fuzzer of the C ABI: long random sequences of calls with handles that are valid, NULL, freed, of another kind or made
 * up, with absurd sizes, bad text, and callbacks that do the same.  Every call must return a status that the header names,
 * and none may be EXECMON_STATUS_INTERNAL; an error must have the status of its call; under valgrind nothing may leak.
 *
 *   fuzz [SEED [STEPS [SEEDS]]]
 *
 * A failure prints the seed of its sequence: `fuzz SEED STEPS` runs it again.
 */
#define _DEFAULT_SOURCE
#include "check.h"

#include <unistd.h>

/* ---- chance */

static unsigned long long state, seed;

static unsigned chance(unsigned below) { /* xorshift64* */
  state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
  return (unsigned)((state * 2685821657736338717ULL) >> 33) % below;
}

static void fail(const char *what) {
  fprintf(stderr, "seed %llu: %s\n", seed, what);
  abort();
}

/* ---- handles: those that were given out, alive or not */

enum { SLOTS = 12 };
typedef enum { INTERP, MONITOR, CODE, THREAD, VALUE, ERROR_, KINDS } kind;
static void *pool[KINDS][SLOTS];

static void *any(kind of) {
  switch (chance(24)) {
    case 0: return NULL;
    case 1: return no_handle();
    case 2: return (void *)(size_t)(((unsigned long long)chance(1u << 30) << 31 | chance(1u << 30)) << chance(4));
    case 3: return pool[chance(KINDS)][chance(SLOTS)];
    case 4: return (char *)pool[of][chance(SLOTS)] + chance(16);
    default:
      for (unsigned slot = chance(SLOTS), n = 0; n < SLOTS; n++) {
        void *handle = pool[of][(slot + n) % SLOTS];
        if (handle != NULL) return handle;
      }
      return NULL;
  }
}

static void let_go(kind of, void *handle) {
  switch (of) {
    case INTERP: execmon_interp_free((execmon_interp *)handle); break;
    case MONITOR: execmon_monitor_free((execmon_monitor *)handle); break;
    case CODE:
      while (execmon_code_release((execmon_code *)handle) == EXECMON_OK && handle) {
      }
      break;
    case THREAD: execmon_thread_free((execmon_thread *)handle); break;
    case VALUE: execmon_value_release((execmon_value *)handle); break;
    default: execmon_error_free((execmon_error *)handle);
  }
}

static void keep(kind of, void *handle) {
  unsigned slot = chance(SLOTS);
  void *old = pool[of][slot];
  pool[of][slot] = handle;
  if (old != handle) let_go(of, old);
}

/* The owner of what has just come out of a call that may have kept it already. */
static void got(kind of, void *handle) {
  if (handle) keep(of, handle);
}

#define INTERP_ ((execmon_interp *)any(INTERP))
#define MONITOR_ ((execmon_monitor *)any(MONITOR))
#define CODE_ ((execmon_code *)any(CODE))
#define THREAD_ ((execmon_thread *)any(THREAD))
#define VALUE_ ((execmon_value *)any(VALUE))
#define ERROR__ ((execmon_error *)any(ERROR_))

/* ---- other arguments */

static const char *text(void) {
  static const char *const texts[] = {"m", "f", "x", "host", "sys", "builtins", "append", "__class__", "", "a.b", "caf\xc3\xa9",
                                      "\xff\xfe", "\xed\xa0\x80", "ValueError", "12345678901234567890123", "-7", "LINE", NULL};
  return texts[chance(COUNT_OF(texts))];
}

static const char *source(void) {
  static const char *const sources[] = {
      "x = 1\n",
      "def f(*a):\n    y = [i for i in range(5)]\n    return y\nx = f()\n",
      "import host\nhost.f(1, 'a')\n",
      "class A:\n    def __del__(self):\n        try: host.f()\n        except Exception: pass\n"
      "import host\nx = A()\nx = None\n",
      "try:\n    1 / 0\nexcept ZeroDivisionError as e: x = e\n",
      "print('out')\nimport sys\nprint('err', file=sys.stderr)\n",
      "while True: pass\n",
      "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n",
      "def f(): f()\nf()\n",
      "x = 'x' * 10 ** 12\n",
      "raise SystemExit(3)\n",
      "def g():\n    try: yield 1\n    finally: yield 2\nx = g()\nnext(x)\n",
      "x = {i: str(i) for i in range(50)}\n",
      "import sys\nsys.monitoring.register_callback(2, 32, lambda *a: None)\n",
      "x = (\n",
      "\xff",
      "for i in range(30):\n    if i % 2: x = i\n",
      "import sys\nfor n in list(vars(host)): delattr(host, n)\n",
  };
  return sources[chance(COUNT_OF(sources))];
}

static size_t count_of_some(size_t real) { return chance(20) ? chance((unsigned)real + 1) : SIZE_MAX - chance(9); }

static int64_t events(void) {
  switch (chance(6)) {
    case 0: return (int64_t)1 << chance(63);
    case 1: return -1;
    case 2: return EXECMON_EVENT_CALL | EXECMON_EVENT_C_RETURN | EXECMON_EVENT_C_RAISE;
    case 3: return (int64_t)chance(1u << 20);
    default: return (int64_t)1 << chance(19);
  }
}

static int32_t tool(void) { return (int32_t)chance(9) - 1; }

/* ---- statuses */

static unsigned long long seen_statuses[EXECMON_STATUS_TERMINATED + 1], calls;

static int done_with(execmon_status status, int had_error, execmon_error *of) {
  calls++;
  if ((int)status < 0 || status > EXECMON_STATUS_TERMINATED || status == EXECMON_STATUS_INTERNAL) {
    fprintf(stderr, "status %d: %s\n", (int)status, had_error ? execmon_error_message(of) : "?");
    fail("a status that may not be");
  }
  seen_statuses[status]++;
  if (!had_error) return status == EXECMON_OK;
  if (status == EXECMON_OK) {
    if (of != NULL) fail("success with an error");
    return 1;
  }
  if (execmon_error_status(of) != status) fail("an error with another status");
  if (execmon_error_type(of) == NULL || execmon_error_message(of) == NULL) fail("an error without text");
  got(ERROR_, of);
  return 0;
}

/* A call whose last argument is `e`; calls nest, so that the place of the error is a local. */
#define DO(call)                                                      \
  do {                                                                \
    execmon_error *mine = (execmon_error *)no_handle(), **e = chance(3) ? &mine : NULL; \
    execmon_status status = (call);                                   \
    ok = done_with(status, e != NULL, mine);                          \
    (void)ok;                                                         \
  } while (0)
/* A call without place for an error. */
#define GIVE(call) ((void)(ok = done_with((call), 0, NULL)))

/* ---- callbacks, which do random things themselves */

static int depth;
static long long live_users;
static void step(void);

static void some_steps(void) {
  if (depth < 3 && chance(4) == 0) {
    depth++;
    for (unsigned n = chance(4); n > 0; n--) step();
    depth--;
  }
}

static void on_drop(void *user) {
  (void)user;
  live_users--;
  some_steps();
}

static execmon_action on_event(const execmon_event *event, void *user) {
  execmon_value *value = NULL;
  int ok;
  (void)user;
  if (execmon_event_name(event->event) == NULL) fail("an event without name");
  if (execmon_code_name(event->code) == NULL) fail("an event without code");
  if (chance(4) == 0) {
    DO(execmon_event_value(event, &value, e));
    if (ok) got(VALUE, value);
  }
  if (chance(4) == 0) {
    DO(execmon_event_callable(event, &value, e));
    if (ok) got(VALUE, value);
  }
  if (chance(4) == 0) {
    DO(execmon_event_arg0(event, &value, e));
    if (ok) got(VALUE, value);
  }
  some_steps();
  return (execmon_action)(chance(12) ? chance(2) : chance(9));
}

static int function(execmon_interp *interp, execmon_value *const *args, size_t count, execmon_value **result,
                    execmon_error **raised, void *user) {
  (void)user;
  some_steps();
  switch (chance(6)) {
    case 0: *result = count ? args[0] : NULL; return EXECMON_OK;
    case 1: *result = (execmon_value *)pool[VALUE][chance(SLOTS)]; return EXECMON_OK;
    case 2: execmon_make_int(interp, 1, result, NULL); return EXECMON_OK;
    case 3: execmon_error_new("KeyError", "k", raised); return EXECMON_STATUS_VALUE;
    case 4: *raised = ERROR__; return (int)chance(30);
    default: return EXECMON_OK;
  }
}

static int on_write(int stream, const char *bytes, size_t length, void *user) {
  (void)stream, (void)user;
  if (length && bytes == NULL) fail("no bytes");
  some_steps();
  return chance(10) == 0;
}

static execmon_action on_audit(const char *event, int registers, execmon_callback callback, void *its_user, void *user) {
  (void)event, (void)registers, (void)callback, (void)its_user, (void)user;
  some_steps();
  return chance(5) == 0;
}

static void on_code(execmon_code *code, void *user) {
  (void)user;
  if (execmon_code_filename(code) == NULL) fail("code without file");
  if (chance(2) && execmon_code_retain(code, NULL) == EXECMON_OK) keep(CODE, code);
  some_steps();
}

static void on_changed(execmon_code *code, void *user) {
  (void)code, (void)user;
  some_steps();
}

static void on_patch(void *host, uint32_t location, uint8_t armed) {
  (void)host, (void)location, (void)armed;
  if (execmon_restart_events((execmon_monitor *)pool[MONITOR][chance(SLOTS)], NULL) == EXECMON_OK) {
    fail("a patch function called the library");
  }
}

/* The user pointer of a registration, whose drop function must run if it succeeds and must not if it fails. */
static int own(int ok, int removes) {
  if (ok && !removes) return 1;
  live_users--;
  return ok;
}

/* ---- one step: one call, or a few that belong together */

static void make_something(void) {
  void *made = NULL;
  execmon_value *items[4], *more[4];
  execmon_config config;
  execmon_code_spec spec;
  static const execmon_location locations[] = {
      {0, 1, EXECMON_EVENT_PY_START | EXECMON_EVENT_LINE, 0, 0, 0},
      {2, 2, EXECMON_EVENT_LINE | EXECMON_EVENT_CALL | EXECMON_EVENT_INSTRUCTION, 1, 2, 3},
      {4, 2, EXECMON_EVENT_BRANCH | EXECMON_EVENT_JUMP, 0, 3, 1},
      {4, -1, EXECMON_EVENT_PY_RETURN, EXECMON_NO_LOCATION, 9, EXECMON_NO_LOCATION},
  };
  const char *const path[] = {"/nowhere", text()};
  int ok, with_config, taken;
  for (size_t i = 0; i < 4; i++) items[i] = VALUE_, more[i] = VALUE_;
  switch (chance(16)) {
    case 0:
      memset(&config, 0, sizeof config);
      config.size = chance(8) ? sizeof config : chance(200);
      config.path = path, config.path_count = count_of_some(2);
      config.memory_ceiling = chance(2) ? (size_t)64 << 20 : 0;
      config.instruction_budget = 1 + chance(20000);
      config.recursion_limit = chance(2) ? chance(200) : 0;
      if (chance(2)) config.write = on_write, config.drop = on_drop;
      with_config = chance(8) != 0;
      /* A size that leaves the drop function out leaves the user pointer the host's. */
      taken = with_config && config.write && config.size >= sizeof config;
      if (taken) live_users++;
      DO(execmon_interp_new(with_config ? &config : NULL, chance(9) ? (execmon_interp **)&made : NULL, e));
      if (!ok && taken) live_users--;
      /* Without a config the default budget is none, which is not for fuzzers. */
      if (ok) execmon_set_instruction_budget((execmon_interp *)made, 1 + chance(20000), NULL);
      if (ok && !taken) execmon_set_output((execmon_interp *)made, on_write, NULL, NULL, NULL);
      if (ok && made) {
        execmon_monitor *its = execmon_interp_monitor((execmon_interp *)made);
        keep(INTERP, made);
        keep(MONITOR, its);
      }
      break;
    case 1:
      DO(execmon_monitor_new(chance(9) ? (execmon_monitor **)&made : NULL, e));
      got(MONITOR, made);
      break;
    case 2:
      memset(&spec, 0, sizeof spec);
      spec.size = chance(9) ? sizeof spec : chance(200);
      spec.name = text(), spec.file = text(), spec.qualified_name = text();
      spec.location_count = 1 + chance(4);
      spec.locations = chance(9) ? locations : NULL;
      spec.patch = chance(4) ? NULL : on_patch;
      spec.drop = on_drop;
      taken = spec.size >= sizeof spec;
      if (taken) live_users++;
      DO(execmon_register_code(MONITOR_, chance(9) ? &spec : NULL, chance(9) ? (execmon_code **)&made : NULL, e));
      if (taken) own(ok, 0);
      got(CODE, made);
      break;
    case 3:
      DO(execmon_thread_new(MONITOR_, chance(9) ? (execmon_thread **)&made : NULL, e));
      got(THREAD, made);
      break;
    case 4: GIVE(execmon_error_new(text(), text(), (execmon_error **)&made)); got(ERROR_, made); break;
    case 5: DO(execmon_make_none(INTERP_, (execmon_value **)&made, e)); got(VALUE, made); break;
    case 6: DO(execmon_make_bool(INTERP_, (int32_t)chance(3), (execmon_value **)&made, e)); got(VALUE, made); break;
    case 7: DO(execmon_make_int(INTERP_, events(), (execmon_value **)&made, e)); got(VALUE, made); break;
    case 8: DO(execmon_make_int_from_text(INTERP_, text(), (execmon_value **)&made, e)); got(VALUE, made); break;
    case 9: DO(execmon_make_float(INTERP_, chance(9) / 3.0, (execmon_value **)&made, e)); got(VALUE, made); break;
    case 10: DO(execmon_make_str(INTERP_, "a\0\xc3\xa9z", count_of_some(5), (execmon_value **)&made, e)); got(VALUE, made); break;
    case 11: DO(execmon_make_bytes(INTERP_, (const uint8_t *)"ab\xff", count_of_some(3), (execmon_value **)&made, e)); got(VALUE, made); break;
    case 12: DO(execmon_make_tuple(INTERP_, items, count_of_some(4), (execmon_value **)&made, e)); got(VALUE, made); break;
    case 13: DO(execmon_make_list(INTERP_, items, count_of_some(4), (execmon_value **)&made, e)); got(VALUE, made); break;
    case 14: DO(execmon_make_dict(INTERP_, items, more, count_of_some(4), (execmon_value **)&made, e)); got(VALUE, made); break;
    default: DO(execmon_make_set(INTERP_, items, count_of_some(4), (execmon_value **)&made, e)); got(VALUE, made);
  }
}

static void use_interp(void) {
  execmon_value *made = NULL, *items[3];
  execmon_frame frame;
  size_t length, count;
  const char *program = source();
  const char *const argv[] = {"a", text()};
  int ok, removes = chance(4) == 0;
  for (size_t i = 0; i < 3; i++) items[i] = VALUE_;
  length = chance(20) ? strlen(program) : SIZE_MAX - chance(2);
  memset(&frame, 0, sizeof frame);
  frame.size = chance(9) ? sizeof frame : 3;
  switch (chance(22)) {
    case 0: case 1: case 2: case 3:
      DO(execmon_run_string(INTERP_, text(), program, length, e));
      break;
    case 4: DO(execmon_eval_string(INTERP_, text(), "[x, f]", 1 + chance(6), &made, e)); got(VALUE, made); break;
    case 5: DO(execmon_run_file(INTERP_, chance(2) ? "/nowhere.py" : text(), count_of_some(2), argv, e)); break;
    case 6: DO(execmon_import(INTERP_, text(), &made, e)); got(VALUE, made); break;
    case 7: DO(execmon_call(INTERP_, text(), text(), items, count_of_some(3), &made, e)); got(VALUE, made); break;
    case 8: DO(execmon_get_global(INTERP_, text(), text(), &made, e)); got(VALUE, made); break;
    case 9: DO(execmon_set_global(INTERP_, text(), text(), VALUE_, e)); break;
    case 10: case 11:
      live_users++;
      DO(execmon_add_function(INTERP_, chance(3) ? "host" : text(), chance(3) ? "f" : text(), chance(9) ? function : NULL, NULL, on_drop, e));
      own(ok, 0);
      break;
    case 12:
      live_users++;
      DO(execmon_set_output(INTERP_, removes ? NULL : on_write, NULL, on_drop, e));
      own(ok, removes);
      break;
    case 13:
      live_users++;
      DO(execmon_set_code_hook(INTERP_, removes ? NULL : on_code, NULL, on_drop, e));
      own(ok, removes);
      break;
    case 14: DO(execmon_interrupt(INTERP_, e)); break;
    case 15: DO(execmon_terminate(INTERP_, e)); break;
    case 16: DO(execmon_set_recursion_limit(INTERP_, chance(5) ? 20 + chance(100) : SIZE_MAX, e)); break;
    case 17: DO(execmon_set_memory_ceiling(INTERP_, chance(5) ? (size_t)64 << 20 : chance(2), e)); break;
    case 18: DO(execmon_set_instruction_budget(INTERP_, 1 + chance(20000), e)); break;
    case 19: DO(execmon_set_callback_error(INTERP_, ERROR__, e)); break;
    case 20:
      DO(execmon_frame_count(INTERP_, &count, e));
      DO(execmon_frame_get(INTERP_, chance(3), &frame, e));
      if (ok && execmon_code_name(frame.code) == NULL) fail("a frame without code");
      DO(execmon_frame_locals(INTERP_, chance(3), &made, e));
      if (ok) got(VALUE, made);
      break;
    default:
      DO(execmon_frame_globals(INTERP_, chance(3), &made, e));
      if (ok) got(VALUE, made);
      DO(execmon_frame_eval(INTERP_, chance(3), "x, 1", chance(5), &made, e));
      if (ok) got(VALUE, made);
  }
}

static void use_monitor(void) {
  execmon_payload payload;
  execmon_view view;
  execmon_location location;
  execmon_position position;
  char name[8];
  int64_t set;
  size_t length;
  int32_t lines[4], inside;
  uint32_t index;
  uint8_t follow;
  void *host;
  int ok, removes = chance(4) == 0;
  static int something;
  memset(&payload, 0, sizeof payload);
  payload.size = chance(9) ? (uint32_t)sizeof payload : chance(80);
  payload.destination = chance(2) ? EXECMON_NO_LOCATION : chance(6);
  payload.callable = &something, payload.value = chance(3) ? &something : NULL, payload.arg0 = chance(2) ? &something : NULL;
  switch (chance(30)) {
    case 0: case 1: DO(execmon_use_tool_id(MONITOR_, tool(), text(), e)); break;
    case 2: case 3: case 4: DO(execmon_set_events(MONITOR_, tool(), events(), e)); break;
    case 5: case 6: case 7: case 8:
      live_users++;
      DO(execmon_register_callback(MONITOR_, tool(), events(), removes ? NULL : on_event, NULL, on_drop, e));
      own(ok, removes);
      break;
    case 9: DO(execmon_get_tool(MONITOR_, tool(), chance(9) ? name : NULL, chance(sizeof name + 1), &length, e)); break;
    case 10: DO(execmon_clear_tool_id(MONITOR_, tool(), e)); break;
    case 11: DO(execmon_free_tool_id(MONITOR_, tool(), e)); break;
    case 12: DO(execmon_get_events(MONITOR_, tool(), &set, e)); break;
    case 13: DO(execmon_set_local_events(MONITOR_, tool(), CODE_, events(), e)); break;
    case 14: DO(execmon_get_local_events(MONITOR_, tool(), CODE_, &set, e)); break;
    case 15: DO(execmon_restart_events(MONITOR_, e)); break;
    case 16: DO(execmon_wanted_events(MONITOR_, &set, e)); break;
    case 17:
      live_users++;
      DO(execmon_set_audit_hook(MONITOR_, removes ? NULL : on_audit, NULL, on_drop, e));
      own(ok, removes);
      break;
    case 18:
      live_users++;
      DO(execmon_set_changed_hook(MONITOR_, removes ? NULL : on_changed, NULL, on_drop, e));
      own(ok, removes);
      break;
    case 19:
      if (execmon_event_name(events()) != NULL) DO(execmon_event_from_name(text(), &set, e));
      break;
    case 20: DO(execmon_code_retain((execmon_code *)any(CODE), e)); break;
    case 21: GIVE(execmon_code_release(CODE_)); break;
    case 22:
      DO(execmon_code_location_count(CODE_, &index, e));
      DO(execmon_code_location(CODE_, chance(9), &location, e));
      DO(execmon_code_location_at(CODE_, (int64_t)chance(8) - 1, &index, e));
      DO(execmon_code_lines(CODE_, lines, chance(5), &length, e));
      DO(execmon_code_position(CODE_, (int64_t)chance(8) - 1, &position, e));
      DO(execmon_code_host(CODE_, &host, e));
      if (execmon_code_qualified_name(CODE_) == NULL && execmon_code_first_line(CODE_) > 100) fail("a line of nothing");
      break;
    case 23: DO(execmon_code_view(CODE_, &view, e)); break;
    case 24: DO(execmon_code_renew(CODE_, e)); break;
    case 25: DO(execmon_code_disarm(CODE_, e)); break;
    case 26: DO(execmon_enter(THREAD_, CODE_, e)); break;
    case 27:
      DO(execmon_exit(THREAD_, e));
      DO(execmon_thread_in_callback(THREAD_, &inside, e));
      break;
    case 28:
      DO(execmon_deliver(THREAD_, CODE_, chance(5), (uint32_t)events(), chance(4) ? &payload : NULL, e));
      DO(execmon_deliver_begin(THREAD_, CODE_, chance(5), (int32_t)chance(2), (int32_t)chance(2), e));
      break;
    default:
      DO(execmon_deliver_call(THREAD_, CODE_, chance(5), chance(4) ? &payload : NULL, chance(9) ? &follow : NULL, e));
      DO(execmon_deliver_return(THREAD_, CODE_, chance(5), (uint32_t)events(), &payload, (uint8_t)chance(256), e));
  }
}

static void use_value(void) {
  execmon_value *made = NULL, *items[3];
  const char *names[] = {text(), "k", text()}, *shown;
  execmon_code *code = NULL;
  execmon_type type;
  const uint8_t *data;
  size_t length;
  int64_t number;
  double real;
  int32_t truth;
  char name[8];
  int ok;
  for (size_t i = 0; i < 3; i++) items[i] = VALUE_;
  switch (chance(28)) {
    case 0: DO(execmon_value_retain(VALUE_, &made, e)); got(VALUE, made); break;
    case 1: GIVE(execmon_value_release(VALUE_)); break;
    case 2: DO(execmon_value_type(VALUE_, &type, e)); break;
    case 3: DO(execmon_value_type_name(VALUE_, name, sizeof name, &length, e)); break;
    case 4: DO(execmon_value_truth(VALUE_, &truth, e)); break;
    case 5: DO(execmon_value_int(VALUE_, &number, e)); break;
    case 6: DO(execmon_value_float(VALUE_, &real, e)); break;
    case 7:
      DO(execmon_value_text(VALUE_, &shown, &length, e));
      if (ok && shown[length] != 0) fail("text without end");
      break;
    case 8: DO(execmon_value_bytes(VALUE_, &data, &length, e)); break;
    case 9: DO(execmon_value_repr(VALUE_, &made, e)); got(VALUE, made); break;
    case 10: DO(execmon_value_code(VALUE_, &code, e)); got(CODE, code); break;
    case 11: DO(execmon_value_get_item(VALUE_, VALUE_, &made, e)); got(VALUE, made); break;
    case 12: DO(execmon_value_get_index(VALUE_, (int64_t)chance(6) - 3, &made, e)); got(VALUE, made); break;
    case 13: DO(execmon_value_set_item(VALUE_, VALUE_, VALUE_, e)); break;
    case 14: DO(execmon_value_del_item(VALUE_, VALUE_, e)); break;
    case 15: DO(execmon_value_get_attr(VALUE_, text(), &made, e)); got(VALUE, made); break;
    case 16: DO(execmon_value_has_attr(VALUE_, text(), &truth, e)); break;
    case 17: DO(execmon_value_set_attr(VALUE_, text(), VALUE_, e)); break;
    case 18: DO(execmon_value_del_attr(VALUE_, text(), e)); break;
    case 19: DO(execmon_value_length(VALUE_, &length, e)); break;
    case 20: DO(execmon_value_contains(VALUE_, VALUE_, &truth, e)); break;
    case 21: DO(execmon_value_iterate(VALUE_, &made, e)); got(VALUE, made); break;
    case 22: DO(execmon_value_next(VALUE_, &made, e)); got(VALUE, made); break;
    case 23:
      DO(execmon_value_call(VALUE_, items, count_of_some(3), names, items, chance(3), chance(3) ? &made : NULL, e));
      got(VALUE, made);
      break;
    case 24: DO(execmon_value_call_method(VALUE_, text(), items, count_of_some(3), chance(3) ? &made : NULL, e)); got(VALUE, made); break;
    case 25: DO(execmon_value_is_instance(VALUE_, VALUE_, &truth, e)); break;
    case 26:
      DO(execmon_value_compare(VALUE_, VALUE_, (int32_t)chance(8) - 1, &truth, e));
      DO(execmon_value_is(VALUE_, VALUE_, &truth, e));
      break;
    default: DO(execmon_value_hash(VALUE_, &number, e));
  }
}

static void use_error(void) {
  execmon_value *value = NULL;
  execmon_error *of = ERROR__;
  const char *shown = execmon_error_traceback(of);
  int ok;
  if (shown && strlen(shown) > 1000000) fail("a traceback without end");
  execmon_error_exit_status(of);
  DO(execmon_error_value(of, &value, e));
  got(VALUE, value);
  if (chance(3) == 0) GIVE(execmon_error_free(of));
}

/* A host of its own, so that firing finds somebody who listens; what it makes may be freed from its callbacks. */
static void fire_together(void) {
  execmon_monitor *monitor = NULL;
  execmon_thread *thread = NULL;
  execmon_code *code = NULL;
  execmon_code_spec spec;
  execmon_location locations[3];
  execmon_payload payload;
  uint8_t follow = 0;
  int ok;
  memset(locations, 0, sizeof locations);
  for (uint32_t i = 0; i < COUNT_OF(locations); i++) locations[i].offset = i, locations[i].events = (1u << 11) - 1;
  memset(&spec, 0, sizeof spec);
  spec.size = sizeof spec, spec.name = spec.file = "together", spec.locations = locations;
  spec.location_count = COUNT_OF(locations);
  spec.patch = chance(2) ? NULL : on_patch, spec.drop = on_drop;
  memset(&payload, 0, sizeof payload);
  payload.size = sizeof payload, payload.destination = EXECMON_NO_LOCATION, payload.value = &spec;
  DO(execmon_monitor_new(&monitor, e));
  keep(MONITOR, monitor);
  live_users++;
  DO(execmon_register_code(monitor, &spec, &code, e));
  own(ok, 0);
  got(CODE, code);
  DO(execmon_thread_new(monitor, &thread, e));
  got(THREAD, thread);
  for (int32_t id = 0; id < 3; id++) {
    DO(execmon_use_tool_id(monitor, id, "together", e));
    for (int bit = 0; bit < 19; bit++) {
      live_users++;
      DO(execmon_register_callback(monitor, id, (int64_t)1 << bit, on_event, NULL, on_drop, e));
      own(ok, 0);
    }
    DO(execmon_set_events(monitor, id, (1 << 19) - 1, e));
  }
  DO(execmon_enter(thread, code, e));
  for (int n = 0; n < 20; n++) {
    DO(execmon_deliver(thread, code, chance(3), 1u << chance(18), &payload, e));
    DO(execmon_deliver_begin(thread, code, chance(3), 1, 1, e));
    DO(execmon_deliver_call(thread, code, chance(3), &payload, &follow, e));
    DO(execmon_deliver_return(thread, code, chance(3), EXECMON_EVENT_C_RAISE, &payload, follow, e));
    if (chance(20) == 0) DO(execmon_restart_events(monitor, e));
    if (chance(20) == 0) step();
  }
  DO(execmon_exit(thread, e));
}

static void free_something(void) {
  kind of = (kind)chance(KINDS);
  let_go(of, of == CODE ? NULL : any(of));
}

static void step(void) {
  switch (chance(12)) {
    case 0: make_something(); break;
    case 1:
      if (chance(4) == 0) free_something();
      if (chance(10) == 0 && depth < 2) fire_together();
      break;
    case 2: case 3: case 4: use_interp(); break;
    case 5: case 6: case 7: use_monitor(); break;
    case 8: case 9: case 10: use_value(); break;
    default: use_error();
  }
}

static void sequence(unsigned long long with, unsigned long long steps) {
  seed = with, state = with * 2654435769ULL + 88172645463325252ULL, live_users = 0, depth = 0;
  for (unsigned long long n = 0; n < steps; n++) {
    /* Something to use at first, and again when all is gone. */
    if (n % 400 == 0) {
      execmon_interp *interp = NULL;
      if (execmon_interp_new(NULL, &interp, NULL) != EXECMON_OK) fail("no interpreter");
      execmon_set_instruction_budget(interp, 20000, NULL);
      execmon_set_output(interp, on_write, NULL, NULL, NULL);
      keep(INTERP, interp);
      keep(MONITOR, execmon_interp_monitor(interp));
    }
    step();
  }
  /* In any order; drop functions put new ones in, so again until nothing is left. */
  depth = 99;
  for (int round = 0; round < 3; round++) {
    for (int of = KINDS; of-- > 0;) {
      for (int slot = 0; slot < SLOTS; slot++) {
        void *handle = pool[of][slot];
        pool[of][slot] = NULL;
        let_go((kind)of, handle);
      }
    }
  }
  if (live_users != 0) {
    fprintf(stderr, "%lld user pointers were not dropped\n", live_users);
    fail("drop functions");
  }
}

int main(int argc, char **argv) {
  unsigned long long first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
  unsigned long long steps = argc > 2 ? strtoull(argv[2], NULL, 10) : 2000;
  unsigned long long seeds = argc > 3 ? strtoull(argv[3], NULL, 10) : argc > 1 ? 1 : 10;
  for (unsigned long long n = 0; n < seeds; n++) {
    alarm(300);
    if (seeds > 1) printf("seed %llu\n", first + n), fflush(stdout);
    sequence(first + n, steps);
  }
  printf("%llu calls; by status:", calls);
  for (size_t i = 0; i < COUNT_OF(seen_statuses); i++) printf(" %u:%llu", (unsigned)i, seen_statuses[i]);
  printf("\n");
  return 0;
}
