/*
 * The fire points of execmon for interpreters that are not its own: include execmon.h, which includes this.
 *
 * An interpreter registers each of its code objects (execmon_register_code), asks for its view (execmon_code_view) and
 * keeps both beside the code.  Where it begins to run the code it copies the view into a local variable, so that the
 * compiler can have it in registers: then each fire point is one load, of the armed byte, one test and one branch.  It calls execmon_fire_enter and execmon_fire_exit around running the code, and these at its
 * instructions, `location` being the instruction's index in the table of locations:
 *
 *   execmon_fire_begin                      as an instruction begins: LINE and INSTRUCTION
 *   execmon_fire_start, _resume             as the code is entered
 *   execmon_fire_return, _yield             just before the code is left with a value
 *   execmon_fire_call, then _c_return or _c_raise
 *   execmon_fire_jump, _branch_left, _branch_right
 *   execmon_fire_stop_iteration
 *   execmon_fire_raise, _reraise, _exception_handled, _unwind, _throw
 *
 * Where nothing is armed, all but the last row load one byte, test it, and go on (c_return and c_raise test what
 * execmon_fire_call gave); a view that is not in registers costs one more load, of the bytes' address.  Where something is, they call the library and return its status: EXECMON_STATUS_CALLBACK and
 * EXECMON_STATUS_CANNOT_DISABLE are to be raised from the instruction.
 *
 * A host that would rather not open scopes leaves out enter and exit and calls execmon_fire_renew where it enters code
 * and at backward jumps: then changes are seen there, and not at once.
 *
 * Unlike the library, these functions do not check `view`: it must come from execmon_code_view, `location` must be below
 * its location_count, and its code object must not have been released.
 */
#ifndef EXECMON_FIRE_H
#define EXECMON_FIRE_H

#include "execmon.h"

#if defined(__GNUC__) || defined(__clang__)
#define EXECMON_FIRE_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define EXECMON_FIRE_LOAD_RELAXED(pointer) __atomic_load_n((pointer), __ATOMIC_RELAXED)
#define EXECMON_FIRE_LOAD_ACQUIRE(pointer) __atomic_load_n((pointer), __ATOMIC_ACQUIRE)
#else
/* Compilers without these builtins read aligned volatile words in order (MSVC: /volatile:ms). */
#define EXECMON_FIRE_UNLIKELY(condition) (condition)
#define EXECMON_FIRE_LOAD_RELAXED(pointer) (*(pointer))
#define EXECMON_FIRE_LOAD_ACQUIRE(pointer) (*(pointer))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** The armed byte of a location: a union of EXECMON_ARMED_*, 0 for nothing to do. */
static inline uint8_t execmon_fire_armed(const execmon_view *view, uint32_t location) {
  const volatile uint8_t *byte = view->armed + location;
  return EXECMON_FIRE_LOAD_RELAXED(byte);
}

/** Brings the armed bytes up to date if the monitor has changed: two loads and a test where it has not. */
static inline execmon_status execmon_fire_renew(const execmon_view *view, execmon_error **error) {
  const volatile uint64_t *version = view->version, *monitor_version = view->monitor_version;
  if (EXECMON_FIRE_UNLIKELY(EXECMON_FIRE_LOAD_ACQUIRE(version) != EXECMON_FIRE_LOAD_ACQUIRE(monitor_version))) {
    return execmon_code_renew(view->code, error);
  }
  return EXECMON_OK;
}

/** Opens a scope: until execmon_fire_exit the armed bytes follow every change at once. */
static inline execmon_status execmon_fire_enter(const execmon_view *view, execmon_thread *thread,
                                                execmon_error **error) {
  return execmon_enter(thread, view->code, error);
}

/** Closes the innermost scope. */
static inline execmon_status execmon_fire_exit(execmon_thread *thread, execmon_error **error) {
  return execmon_exit(thread, error);
}

/** A payload of these values. */
static inline execmon_payload execmon_fire_payload(const void *callable, const void *arg0, const void *value) {
  execmon_payload payload;
  payload.size = (uint32_t)sizeof payload;
  payload.destination = EXECMON_NO_LOCATION;
  payload.callable = callable;
  payload.arg0 = arg0;
  payload.value = value;
  return payload;
}

/**
 * An instruction begins: fires LINE, if the host finds that its line is new (`new_line`), and INSTRUCTION.  Give
 * `new_line` 1 where the location begins a line and the instruction before it was on another line or jumped back.
 */
static inline execmon_status execmon_fire_begin(const execmon_view *view, execmon_thread *thread, uint32_t location,
                                                int new_line, execmon_error **error) {
  uint8_t armed = execmon_fire_armed(view, location);
  if (EXECMON_FIRE_UNLIKELY(armed & (EXECMON_ARMED_LINE | EXECMON_ARMED_INSTRUCTION))) {
    return execmon_deliver_begin(thread, view->code, location, (armed & EXECMON_ARMED_LINE) && new_line,
                                 armed & EXECMON_ARMED_INSTRUCTION, error);
  }
  return EXECMON_OK;
}

/** Fires LINE alone. */
static inline execmon_status execmon_fire_line(const execmon_view *view, execmon_thread *thread, uint32_t location,
                                               execmon_error **error) {
  if (EXECMON_FIRE_UNLIKELY(execmon_fire_armed(view, location) & EXECMON_ARMED_LINE)) {
    return execmon_deliver_begin(thread, view->code, location, 1, 0, error);
  }
  return EXECMON_OK;
}

/** Fires INSTRUCTION alone. */
static inline execmon_status execmon_fire_instruction(const execmon_view *view, execmon_thread *thread,
                                                      uint32_t location, execmon_error **error) {
  if (EXECMON_FIRE_UNLIKELY(execmon_fire_armed(view, location) & EXECMON_ARMED_INSTRUCTION)) {
    return execmon_deliver_begin(thread, view->code, location, 0, 1, error);
  }
  return EXECMON_OK;
}

/** Fires PY_START: the code is entered. */
static inline execmon_status execmon_fire_start(const execmon_view *view, execmon_thread *thread, uint32_t location,
                                                execmon_error **error) {
  if (EXECMON_FIRE_UNLIKELY(execmon_fire_armed(view, location) & EXECMON_ARMED_EVENT)) {
    return execmon_deliver(thread, view->code, location, EXECMON_EVENT_PY_START, NULL, error);
  }
  return EXECMON_OK;
}

/** Fires PY_RESUME: the code is entered again after a yield. */
static inline execmon_status execmon_fire_resume(const execmon_view *view, execmon_thread *thread, uint32_t location,
                                                 execmon_error **error) {
  if (EXECMON_FIRE_UNLIKELY(execmon_fire_armed(view, location) & EXECMON_ARMED_EVENT)) {
    return execmon_deliver(thread, view->code, location, EXECMON_EVENT_PY_RESUME, NULL, error);
  }
  return EXECMON_OK;
}

/** Fires PY_RETURN: the code is about to return `value`. */
static inline execmon_status execmon_fire_return(const execmon_view *view, execmon_thread *thread, uint32_t location,
                                                 const void *value, execmon_error **error) {
  if (EXECMON_FIRE_UNLIKELY(execmon_fire_armed(view, location) & EXECMON_ARMED_EVENT)) {
    execmon_payload payload = execmon_fire_payload(NULL, NULL, value);
    return execmon_deliver(thread, view->code, location, EXECMON_EVENT_PY_RETURN, &payload, error);
  }
  return EXECMON_OK;
}

/** Fires PY_YIELD: the code is about to yield `value`. */
static inline execmon_status execmon_fire_yield(const execmon_view *view, execmon_thread *thread, uint32_t location,
                                                const void *value, execmon_error **error) {
  if (EXECMON_FIRE_UNLIKELY(execmon_fire_armed(view, location) & EXECMON_ARMED_EVENT)) {
    execmon_payload payload = execmon_fire_payload(NULL, NULL, value);
    return execmon_deliver(thread, view->code, location, EXECMON_EVENT_PY_YIELD, &payload, error);
  }
  return EXECMON_OK;
}

/**
 * Fires CALL: `callable` is about to be called with `arg0` first (NULL or &EXECMON_MISSING: no argument).  `*follow` gets
 * what execmon_fire_c_return and execmon_fire_c_raise want, if the callable is not code of the host's own language.
 */
static inline execmon_status execmon_fire_call(const execmon_view *view, execmon_thread *thread, uint32_t location,
                                               const void *callable, const void *arg0, uint8_t *follow,
                                               execmon_error **error) {
  *follow = 0;
  if (EXECMON_FIRE_UNLIKELY(execmon_fire_armed(view, location) & (EXECMON_ARMED_EVENT | EXECMON_ARMED_ANCILLARY))) {
    execmon_payload payload = execmon_fire_payload(callable, arg0, NULL);
    return execmon_deliver_call(thread, view->code, location, &payload, follow, error);
  }
  return EXECMON_OK;
}

/** Fires C_RETURN: the call has returned `result`. */
static inline execmon_status execmon_fire_c_return(const execmon_view *view, execmon_thread *thread,
                                                   uint32_t location, const void *callable, const void *arg0,
                                                   const void *result, uint8_t follow, execmon_error **error) {
  if (EXECMON_FIRE_UNLIKELY(follow)) {
    execmon_payload payload = execmon_fire_payload(callable, arg0, result);
    return execmon_deliver_return(thread, view->code, location, EXECMON_EVENT_C_RETURN, &payload, follow, error);
  }
  return EXECMON_OK;
}

/** Fires C_RAISE: the call has raised `exception`. */
static inline execmon_status execmon_fire_c_raise(const execmon_view *view, execmon_thread *thread, uint32_t location,
                                                  const void *callable, const void *arg0, const void *exception,
                                                  uint8_t follow, execmon_error **error) {
  if (EXECMON_FIRE_UNLIKELY(follow)) {
    execmon_payload payload = execmon_fire_payload(callable, arg0, exception);
    return execmon_deliver_return(thread, view->code, location, EXECMON_EVENT_C_RAISE, &payload, follow, error);
  }
  return EXECMON_OK;
}

/** Fires JUMP: an unconditional jump is made, to the location in the table. */
static inline execmon_status execmon_fire_jump(const execmon_view *view, execmon_thread *thread, uint32_t location,
                                               execmon_error **error) {
  if (EXECMON_FIRE_UNLIKELY(execmon_fire_armed(view, location) & EXECMON_ARMED_EVENT)) {
    return execmon_deliver(thread, view->code, location, EXECMON_EVENT_JUMP, NULL, error);
  }
  return EXECMON_OK;
}

/** Fires BRANCH_LEFT: a conditional jump falls through, or a loop head produced an item. */
static inline execmon_status execmon_fire_branch_left(const execmon_view *view, execmon_thread *thread,
                                                      uint32_t location, execmon_error **error) {
  if (EXECMON_FIRE_UNLIKELY(execmon_fire_armed(view, location) & EXECMON_ARMED_EVENT)) {
    return execmon_deliver(thread, view->code, location, EXECMON_EVENT_BRANCH_LEFT, NULL, error);
  }
  return EXECMON_OK;
}

/** Fires BRANCH_RIGHT: a conditional jump is taken, or a loop is exhausted. */
static inline execmon_status execmon_fire_branch_right(const execmon_view *view, execmon_thread *thread,
                                                       uint32_t location, execmon_error **error) {
  if (EXECMON_FIRE_UNLIKELY(execmon_fire_armed(view, location) & EXECMON_ARMED_EVENT)) {
    return execmon_deliver(thread, view->code, location, EXECMON_EVENT_BRANCH_RIGHT, NULL, error);
  }
  return EXECMON_OK;
}

/** Fires STOP_ITERATION: an artificial end-of-iteration `exception` (not NULL) is raised. */
static inline execmon_status execmon_fire_stop_iteration(const execmon_view *view, execmon_thread *thread,
                                                         uint32_t location, const void *exception,
                                                         execmon_error **error) {
  if (EXECMON_FIRE_UNLIKELY(execmon_fire_armed(view, location) & EXECMON_ARMED_EVENT)) {
    execmon_payload payload = execmon_fire_payload(NULL, NULL, exception);
    return execmon_deliver(thread, view->code, location, EXECMON_EVENT_STOP_ITERATION, &payload, error);
  }
  return EXECMON_OK;
}

/* The events below belong to no location's armed byte: the library finds out who wants them. */

/** Fires RAISE: `exception` (not NULL) is raised at the location. */
static inline execmon_status execmon_fire_raise(const execmon_view *view, execmon_thread *thread, uint32_t location,
                                                const void *exception, execmon_error **error) {
  execmon_payload payload = execmon_fire_payload(NULL, NULL, exception);
  return execmon_deliver(thread, view->code, location, EXECMON_EVENT_RAISE, &payload, error);
}

/** Fires RERAISE: `exception` (not NULL) is raised again. */
static inline execmon_status execmon_fire_reraise(const execmon_view *view, execmon_thread *thread, uint32_t location,
                                                  const void *exception, execmon_error **error) {
  execmon_payload payload = execmon_fire_payload(NULL, NULL, exception);
  return execmon_deliver(thread, view->code, location, EXECMON_EVENT_RERAISE, &payload, error);
}

/** Fires EXCEPTION_HANDLED: a handler for `exception` (not NULL) is entered. */
static inline execmon_status execmon_fire_exception_handled(const execmon_view *view, execmon_thread *thread,
                                                            uint32_t location, const void *exception,
                                                            execmon_error **error) {
  execmon_payload payload = execmon_fire_payload(NULL, NULL, exception);
  return execmon_deliver(thread, view->code, location, EXECMON_EVENT_EXCEPTION_HANDLED, &payload, error);
}

/** Fires PY_UNWIND: the code is left by `exception` (not NULL). */
static inline execmon_status execmon_fire_unwind(const execmon_view *view, execmon_thread *thread, uint32_t location,
                                                 const void *exception, execmon_error **error) {
  execmon_payload payload = execmon_fire_payload(NULL, NULL, exception);
  return execmon_deliver(thread, view->code, location, EXECMON_EVENT_PY_UNWIND, &payload, error);
}

/** Fires PY_THROW: the code is resumed by throwing `exception` (not NULL) into it. */
static inline execmon_status execmon_fire_throw(const execmon_view *view, execmon_thread *thread, uint32_t location,
                                                const void *exception, execmon_error **error) {
  execmon_payload payload = execmon_fire_payload(NULL, NULL, exception);
  return execmon_deliver(thread, view->code, location, EXECMON_EVENT_PY_THROW, &payload, error);
}

#ifdef __cplusplus
}
#endif

#endif /* EXECMON_FIRE_H */
