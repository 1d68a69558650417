/*
 * execmon: execution event monitoring (sys.monitoring, PEP 669) for C hosts, with a Python interpreter behind it.
 *
 * This file is made from src/capi; do not edit it.
 *
 * Three kinds of host use it:
 *
 *   - a host that embeds Python makes an interpreter, takes its monitor, and registers callbacks;
 *   - an interpreter of another language makes a monitor, registers its code objects, and fires events through the
 *     inline functions of execmon_fire.h (a load, a test and a branch where nothing is armed);
 *   - a tool works with either, because both have the same monitor.
 *
 * Names.  Everything is execmon_ or EXECMON_.  The words are those of Python's sys.monitoring: tool, event, code object,
 * offset, line, local events, disable, restart.
 *
 * Status.  A function returns EXECMON_OK or says what was wrong; results come through pointers, which are written only
 * on success.  The last parameter of most functions is an optional `execmon_error **`: on failure it gets an error with
 * a type and a message, which the caller frees by execmon_error_free; on success it gets NULL.  There is no hidden
 * per-thread error.  The few functions that return a pointer or a number instead say what they return on failure.
 *
 * What any function may fail with is said here and not again for each:
 *
 *   - EXECMON_STATUS_NULL and EXECMON_STATUS_HANDLE for its pointers, EXECMON_STATUS_TEXT for text that is not UTF-8;
 *   - EXECMON_STATUS_VALUE for an array that is not aligned as its items must be (places for results and structures that
 *     carry their size need not be);
 *   - EXECMON_STATUS_MEMORY for a count that cannot be, for the 2^28th handle that is live, and where too little of the
 *     thread's stack is left;
 *   - EXECMON_STATUS_THREAD on a thread that may not call it;
 *   - EXECMON_STATUS_BUSY inside of a patch function (execmon_patch), from everything; and from what needs an interpreter
 *     that is at work further up the stack and has not called the host from there.  While an interpreter runs a callback, a
 *     hook, a function, a write function or a drop function of the host, it waits and may be used;
 *   - EXECMON_STATUS_INTERNAL.
 *
 * Ownership.  A handle (a pointer to one of the opaque types) belongs to whoever made it and is freed once, by the
 * function that its constructor names.  Handles may be freed in any order.  NULL may be freed.  A handle is not an
 * address: one that has been freed, or is of another kind, or is no handle at all, gives EXECMON_STATUS_HANDLE for ever,
 * never undefined behaviour.  What the library cannot check is your memory: a pointer to text, to an array or to a place
 * for a result must be NULL or valid for the call.
 *
 * Threads.  Each function says which threads may call it; "any thread" means at any time, also several at once.  A thread
 * state is used by one thread at a time, and a Python interpreter with its values by the thread that made it; other threads
 * get EXECMON_STATUS_THREAD.  From other threads it can be interrupted (execmon_interrupt), ended for good
 * (execmon_terminate) and watched (the functions of its monitor, whose callbacks run on its own thread).
 *
 * Callbacks.  A callback is a function, a user pointer and an optional function that drops the user pointer, which is
 * called once, when nothing can call the callback any more.  A callback, and a drop function, may call any function of the
 * library, also to run more Python, and to free its own tool, code object, thread state, monitor or interpreter; what it
 * frees lives until it returns.  (The one exception is execmon_patch, which may call nothing.)  While a tool's callback runs
 * no event fires on its thread.  It must return normally: no C++ exception may leave it, no longjmp.  What it is given is
 * borrowed for the call.  Calls may nest until the thread's stack is nearly used up: then they fail with
 * EXECMON_STATUS_MEMORY.
 *
 * Strings.  Text is UTF-8 and NUL-terminated unless it comes with a length.  Text that the library returns is const and
 * lives as long as what it was asked of.  Paths and arguments of a program are as the system has them: NUL-terminated bytes
 * that need not be UTF-8.  A byte that is not becomes a lone surrogate for the program, as os.fsdecode makes it, and is
 * shown as in `\udcff` where text that is UTF-8 names the file.
 *
 * Versions.  Symbols, enumerators and structures only grow: numbers are never reused, and new fields come at the end of a
 * structure that carries its size.  A host sets the size to the sizeof of its header; fields that this lacks count as zero, and
 * fields that the library does not know are neither read nor written.
 * The major version is in the shared library's SONAME.
 */

#ifndef EXECMON_H
#define EXECMON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Handles ------------------------------------------------------------------------------------------------------- */

/**
 * What went wrong in one call.  Owned by the caller that asked for it; may be read and freed on any thread.
 */
typedef struct execmon_error execmon_error;

/**
 * One isolated domain of monitoring: six tools with their callbacks and event sets.  A Python interpreter has its own;
 * another interpreter makes one.  May be used from any thread.
 */
typedef struct execmon_monitor execmon_monitor;

/**
 * One code object that is known to a monitor.  May be used from any thread.
 *
 * A code object has one handle.  The one who registers it owns the handle; execmon_code_retain makes one more owner,
 * execmon_code_release one less.  In callbacks the handle is borrowed.  A code object lives while it has an owner, while
 * its interpreter keeps it, and while it runs in a scope.  An interpreter keeps the code object of a function from when it is
 * first watched or asked for until it is freed, or is entered while no tool is in use.
 */
typedef struct execmon_code execmon_code;

/**
 * The state of one thread of one monitor.  A host makes one for each of its threads and passes it to every firing
 * call.  It may move to another thread, but a function that finds another thread using it fails with
 * EXECMON_STATUS_THREAD.
 */
typedef struct execmon_thread execmon_thread;

/**
 * A Python interpreter: its modules, limits and monitor.  It and its values belong to the thread that made it; other
 * threads get EXECMON_STATUS_THREAD from everything but execmon_interrupt, execmon_terminate, execmon_interp_monitor and the
 * functions of its monitor.  Any number may live in a process, on any threads.
 */
typedef struct execmon_interp execmon_interp;

/**
 * A handle of a Python object.  Belongs to the thread of its interpreter.  Every handle that a function gives is new, is
 * owned by the caller, and is released by execmon_value_release; two handles may be of the same object.  All handles of
 * an interpreter end with it.
 */
typedef struct execmon_value execmon_value;


/* Statuses and drop functions ----------------------------------------------------------------------------------- */

/**
 * What a function returns.  Numbers are never reused; new ones are added at the end.
 */
typedef enum execmon_status {
  /**
   * Success.
   */
  EXECMON_OK = 0,
  /**
   * A pointer that is required is NULL.
   */
  EXECMON_STATUS_NULL = 1,
  /**
   * A handle has been freed, is of another kind, or never was one.
   */
  EXECMON_STATUS_HANDLE = 2,
  /**
   * A number or a combination of arguments is wrong (Python's ValueError).
   */
  EXECMON_STATUS_VALUE = 3,
  /**
   * An object has the wrong type (Python's TypeError).
   */
  EXECMON_STATUS_TYPE = 4,
  /**
   * A number does not fit (Python's OverflowError).
   */
  EXECMON_STATUS_OVERFLOW = 5,
  /**
   * Text is not valid UTF-8, or has a NUL byte where none can be.
   */
  EXECMON_STATUS_TEXT = 6,
  /**
   * A size is beyond what can be had.
   */
  EXECMON_STATUS_MEMORY = 7,
  /**
   * The object belongs to another thread, or another thread is using it right now.
   */
  EXECMON_STATUS_THREAD = 8,
  /**
   * The object is in use further up the stack, so that this cannot be done from here.
   */
  EXECMON_STATUS_BUSY = 9,
  /**
   * The object is not in a state in which this can be done.
   */
  EXECMON_STATUS_STATE = 10,
  /**
   * The objects belong to different monitors or different interpreters.
   */
  EXECMON_STATUS_FOREIGN = 11,
  /**
   * A callback returned EXECMON_ERROR.
   */
  EXECMON_STATUS_CALLBACK = 12,
  /**
   * A callback returned EXECMON_DISABLE for an event that cannot be disabled; it has been unregistered.
   */
  EXECMON_STATUS_CANNOT_DISABLE = 13,
  /**
   * The audit hook refused.
   */
  EXECMON_STATUS_REFUSED = 14,
  /**
   * An exception left the Python program; the error has its type, message, traceback and value.
   */
  EXECMON_STATUS_EXCEPTION = 15,
  /**
   * The Python program asked to end the process (SystemExit); the error has its exit status.
   */
  EXECMON_STATUS_EXIT = 16,
  /**
   * There is nothing (more): the end of an iteration, an event or error without such a value, a tool id that is not in
   * use.  (An attribute or item that is not there is a Python exception.)
   */
  EXECMON_STATUS_END = 17,
  /**
   * A defect of the library.  The call may have done part of its work.
   */
  EXECMON_STATUS_INTERNAL = 18,
  /**
   * The program was ended by execmon_terminate, or because it went on after its instruction budget was used up.
   */
  EXECMON_STATUS_TERMINATED = 19,
} execmon_status;

/**
 * A drop function: called once with a user pointer, when nothing can use that any more.  Runs on the thread that ends
 * the use, and may call the library.
 */
typedef void (*execmon_drop)(void *user);


/* Version ------------------------------------------------------------------------------------------------------- */

/** The version of this header. */
#define EXECMON_VERSION "0.1.0"

/** The version of this header as major << 16 | minor << 8 | patch. */
#define EXECMON_VERSION_NUMBER 0x100u

/**
 * The version of the library that is running, such as "0.1.0"; EXECMON_VERSION is that of the header.  Any thread.
 */
const char *execmon_version(void);

/**
 * The version of the library that is running, as major << 16 | minor << 8 | patch; EXECMON_VERSION_NUMBER is that of
 * the header.  A library with the same major version and at least the same number serves the header's hosts.  Any
 * thread.
 */
uint32_t execmon_version_number(void);


/* Errors -------------------------------------------------------------------------------------------------------- */

/**
 * The status that the call returned.  EXECMON_STATUS_NULL or EXECMON_STATUS_HANDLE if `error` is no error.  Any
 * thread.
 */
execmon_status execmon_error_status(const execmon_error *error);

/**
 * The name of the exception class, such as `ValueError` or `shop.OutOfStock`.  Valid until the error is freed; NULL if
 * `error` is no error.  Any thread.
 */
const char *execmon_error_type(const execmon_error *error);

/**
 * The message.  Valid until the error is freed; NULL if `error` is no error.  Any thread.
 */
const char *execmon_error_message(const execmon_error *error);

/**
 * The traceback of a Python exception, as Python prints it, with its final newline: for a SystemExit what it says, which
 * is empty where it gives a number.  Valid until the error is freed; NULL if the error has none or `error` is no error.
 * Any thread.
 */
const char *execmon_error_traceback(const execmon_error *error);

/**
 * The exit status that a process should end with because of this error: that of a SystemExit, else 1 (2 for a script
 * that cannot be opened, 130 for a KeyboardInterrupt).  1 if `error` is no error.  Any thread.
 */
int32_t execmon_error_exit_status(const execmon_error *error);

/**
 * Frees an error.  NULL is allowed.
 *
 * Any thread.  Fails with EXECMON_STATUS_HANDLE if `error` is no error or has been freed.
 */
execmon_status execmon_error_free(execmon_error *error);

/**
 * The exception of an error that came from a Python program: `*value` gets a new handle.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_END if the error has none, EXECMON_STATUS_HANDLE if its
 * interpreter has been freed.
 */
execmon_status execmon_error_value(const execmon_error *of, execmon_value **value, execmon_error **error);

/**
 * Makes an error, for a function or callback of the host to raise: `type_name` is that of a built-in exception class, such
 * as "ValueError" (any other counts as RuntimeError).  `*made` is owned by the caller.  Any thread.
 */
execmon_status execmon_error_new(const char *type_name,
                                 const char *message,
                                 execmon_error **made);

/**
 * Says which exception the callback that is running wants raised, before it returns EXECMON_ERROR: that of `raised`, or a
 * new one of its type and message.  `raised` stays the caller's.
 *
 * The thread of the interpreter.  Without this, a callback's EXECMON_ERROR raises RuntimeError.
 */
execmon_status execmon_set_callback_error(execmon_interp *interp,
                                          const execmon_error *raised,
                                          execmon_error **error);


/* Monitors ------------------------------------------------------------------------------------------------------ */

/**
 * Makes a monitor without tools, for a host that is an interpreter itself.  Free it by execmon_monitor_free.  Any
 * thread.
 */
execmon_status execmon_monitor_new(execmon_monitor **monitor, execmon_error **error);

/**
 * Frees a monitor: all its tools and hooks are removed and their drop functions called; callbacks that are running
 * are dropped when they return.  Code and thread states of it may be freed before or after; firing for them does
 * nothing from now on.  NULL is allowed.
 *
 * Any thread, also from a callback of this monitor.  Fails with EXECMON_STATUS_HANDLE, and with EXECMON_STATUS_STATE for
 * the monitor of an interpreter, which goes with it.
 */
execmon_status execmon_monitor_free(execmon_monitor *monitor);

/**
 * Enables every disabled location of every tool again.  Any thread.
 */
execmon_status execmon_restart_events(execmon_monitor *monitor, execmon_error **error);

/**
 * The events that some tool has set globally and has a callback for: `*events` gets their bits.  Any thread.
 */
execmon_status execmon_wanted_events(const execmon_monitor *monitor, int64_t *events, execmon_error **error);


/* Code objects -------------------------------------------------------------------------------------------------- */

/**
 * Armed: fire LINE, if this instruction begins a line.
 */
#define EXECMON_ARMED_LINE 1

/**
 * Armed: fire INSTRUCTION.
 */
#define EXECMON_ARMED_INSTRUCTION 2

/**
 * Armed: fire the instruction's own events.  Which of a branch or jump, EXECMON_ARMED_LEFT, _RIGHT and _JUMP say.
 */
#define EXECMON_ARMED_EVENT 4

/**
 * Armed: the call is to be followed by C_RETURN or C_RAISE; CALL itself may be unarmed.
 */
#define EXECMON_ARMED_ANCILLARY 8

/**
 * Armed, with EXECMON_ARMED_EVENT: BRANCH_LEFT.
 */
#define EXECMON_ARMED_LEFT 16

/**
 * Armed, with EXECMON_ARMED_EVENT: BRANCH_RIGHT.
 */
#define EXECMON_ARMED_RIGHT 32

/**
 * Armed, with EXECMON_ARMED_EVENT: JUMP.
 */
#define EXECMON_ARMED_JUMP 64

/**
 * One place in a code object where events can occur, normally one instruction.  Destinations are indexes into the
 * same table, so that their line is known too; a destination where nothing can occur is a location without events.
 */
typedef struct execmon_location {
  /**
   * The instruction's offset, in the host's own units; for code of a Python interpreter those of Python's `f_lasti`.
   */
  uint32_t offset;
  /**
   * The line, or negative for none.
   */
  int32_t line;
  /**
   * Which local events can occur here (EXECMON_EVENT_*).  Include EXECMON_EVENT_LINE where a line begins.  BRANCH counts
   * as its two sides; events that cannot be local are ignored.
   */
  uint32_t events;
  /**
   * Where BRANCH_LEFT continues, or EXECMON_NO_LOCATION.
   */
  uint32_t left;
  /**
   * Where BRANCH_RIGHT continues, or EXECMON_NO_LOCATION.
   */
  uint32_t right;
  /**
   * Where JUMP continues, or EXECMON_NO_LOCATION.  Without JUMP: where a location leads that does nothing else, which
   * coverage follows from a branch.
   */
  uint32_t jump;
} execmon_location;

/**
 * Tells a host that the armed byte of a location of its code is now `armed`, so that it patches the code.
 *
 * Called on the thread that renews, disarms or fires the code, and on no other, under a lock: every function of the
 * library returns EXECMON_STATUS_BUSY until it returns.
 */
typedef void (*execmon_patch)(void *host, uint32_t location, uint8_t armed);

/**
 * What a host tells about a code object.  Everything is copied.  What a smaller `size` leaves out is NULL.
 */
typedef struct execmon_code_spec {
  /**
   * sizeof(execmon_code_spec), so that the record can grow; at least 56, which is up to `host`.
   */
  size_t size;
  /**
   * The name, as Python's co_name.
   */
  const char *name;
  /**
   * The qualified name, as co_qualname; NULL for the same as the name.
   */
  const char *qualified_name;
  /**
   * The file, as co_filename.
   */
  const char *file;
  /**
   * The first line, as co_firstlineno.
   */
  int32_t first_line;
  /**
   * The number of locations.
   */
  size_t location_count;
  /**
   * The locations in order of their offsets, which may repeat.
   */
  const execmon_location *locations;
  /**
   * The host's code object; passed to `patch` and `drop`.
   */
  void *host;
  /**
   * NULL for a host that tests armed bytes.
   */
  execmon_patch patch;
  /**
   * Called with `host` when the code object has died; may be NULL.
   */
  execmon_drop drop;
} execmon_code_spec;

/**
 * Where in the source an instruction comes from.  Lines count from 1, columns are UTF-8 bytes from 0; negative for none.
 */
typedef struct execmon_position {
  /**
   * The first line.
   */
  int32_t line;
  /**
   * The last line.
   */
  int32_t end_line;
  /**
   * The first column.
   */
  int32_t column;
  /**
   * The column behind the last, on the last line.
   */
  int32_t end_column;
} execmon_position;

/**
 * Where the inline fire points look.  Filled by execmon_code_view; valid as long as the code object.
 */
typedef struct execmon_view {
  /**
   * The armed bytes (EXECMON_ARMED_*), one for each location.
   */
  const uint8_t *armed;
  /**
   * The version that the bytes follow.
   */
  const uint64_t *version;
  /**
   * The version of the monitor.
   */
  const uint64_t *monitor_version;
  /**
   * The code object.
   */
  execmon_code *code;
  /**
   * The number of locations.
   */
  uint32_t location_count;
} execmon_view;

/**
 * Registers a code object of the host with a monitor.  `*code` gets its handle, which the caller owns and releases by
 * execmon_code_release.  Its armed bytes are renewed when it is first entered.
 *
 * Any thread.  On failure `drop` is not called.  Fails with EXECMON_STATUS_VALUE (offsets descend, a destination is no
 * location, `size` is too small, the table is not aligned), EXECMON_STATUS_TEXT, EXECMON_STATUS_MEMORY (a table of 2^32 locations or more).
 */
execmon_status execmon_register_code(execmon_monitor *monitor,
                                     const execmon_code_spec *spec,
                                     execmon_code **code,
                                     execmon_error **error);

/**
 * Makes the caller one more owner of a code object, for instance to keep one that a callback was given.  Any thread.
 */
execmon_status execmon_code_retain(execmon_code *code, execmon_error **error);

/**
 * Gives up one ownership.  With the last, the handle ends when the code object dies: at once, unless it is running or
 * its interpreter keeps it.  NULL is allowed.
 *
 * Any thread.  Fails with EXECMON_STATUS_STATE if nobody owns it (as in a callback), EXECMON_STATUS_HANDLE.
 */
execmon_status execmon_code_release(execmon_code *code);

/**
 * The name, as Python's co_name.  Valid as long as the code object; NULL if `code` is none.  Any thread.
 */
const char *execmon_code_name(const execmon_code *code);

/**
 * The qualified name, as co_qualname.  Valid as long as the code object; NULL if `code` is none.  Any thread.
 */
const char *execmon_code_qualified_name(const execmon_code *code);

/**
 * The file, as co_filename.  Valid as long as the code object; NULL if `code` is none.  Any thread.
 */
const char *execmon_code_filename(const execmon_code *code);

/**
 * The first line, as co_firstlineno; EXECMON_NO_LINE if `code` is no code object.  Any thread.
 */
int32_t execmon_code_first_line(const execmon_code *code);

/**
 * The host's pointer of a code object that the host registered: `*host` gets it.
 *
 * Any thread.  Fails with EXECMON_STATUS_STATE for code of a Python interpreter.
 */
execmon_status execmon_code_host(const execmon_code *code, void **host, execmon_error **error);

/**
 * The number of locations: `*count` gets it.  Any thread.
 */
execmon_status execmon_code_location_count(const execmon_code *code, uint32_t *count, execmon_error **error);

/**
 * A copy of one location, with BRANCH replaced by its sides and C_RETURN and C_RAISE added to CALL.
 *
 * Any thread.  Fails with EXECMON_STATUS_VALUE if there is no location of this index.
 */
execmon_status execmon_code_location(const execmon_code *code,
                                     uint32_t index,
                                     execmon_location *location,
                                     execmon_error **error);

/**
 * The index of the first location at an offset: `*index` gets it.
 *
 * Any thread.  Fails with EXECMON_STATUS_VALUE if the offset is negative or no location has it.
 */
execmon_status execmon_code_location_at(const execmon_code *code,
                                        int64_t offset,
                                        uint32_t *index,
                                        execmon_error **error);

/**
 * The lines that can have LINE events, ascending and each once: the first `capacity` are written to `lines`, and
 * `*count` gets the number of all.  `lines` may be NULL if `capacity` is 0.  Any thread.
 */
execmon_status execmon_code_lines(const execmon_code *code,
                                  int32_t *lines,
                                  size_t capacity,
                                  size_t *count,
                                  execmon_error **error);

/**
 * The position of the instruction at an offset: `*position` gets a copy.  For code of a host only its line is known.
 *
 * Any thread.  Fails with EXECMON_STATUS_VALUE if no instruction has the offset.
 */
execmon_status execmon_code_position(const execmon_code *code,
                                     int64_t offset,
                                     execmon_position *position,
                                     execmon_error **error);

/**
 * Fills `*view` for the inline fire points.  The host may keep it as long as it owns the code object.
 *
 * Any thread.  Fails with EXECMON_STATUS_STATE for code of a Python interpreter.
 */
execmon_status execmon_code_view(execmon_code *code, execmon_view *view, execmon_error **error);

/**
 * Brings the arming of a code object up to date.  A host calls it when it enters code whose version differs from the
 * monitor's (execmon_fire_renew does both), and a patching host for the code it is running after its changed hook.
 *
 * On the thread that runs the code, if the host patches; else any.  Fails with EXECMON_STATUS_STATE for code of a Python
 * interpreter.
 */
execmon_status execmon_code_renew(execmon_code *code,
                                  execmon_error **error);

/**
 * Disarms every location: for a host that keeps its code object when it releases the handle.  The next
 * execmon_code_renew arms it again.  Threads and failures as for execmon_code_renew.
 */
execmon_status execmon_code_disarm(execmon_code *code, execmon_error **error);


/* Thread states ------------------------------------------------------------------------------------------------- */

/**
 * Makes a state for one more thread of a monitor.  Free it by execmon_thread_free.  Any thread.
 */
execmon_status execmon_thread_new(execmon_monitor *monitor, execmon_thread **thread, execmon_error **error);

/**
 * Frees a thread state.  What it was running is forgotten.  NULL is allowed.
 *
 * Any thread, also from a callback that it runs: then it dies when the callback returns.  Fails with
 * EXECMON_STATUS_HANDLE, and with EXECMON_STATUS_THREAD while another thread is using it.
 */
execmon_status execmon_thread_free(execmon_thread *thread);

/**
 * Whether a callback is running on this thread state, so that no event fires: `*in_callback` gets 1 or 0.
 *
 * The thread of the state.
 */
execmon_status execmon_thread_in_callback(const execmon_thread *thread,
                                          int32_t *in_callback,
                                          execmon_error **error);

/**
 * Says that the thread begins to run `code`, and renews its arming if needed.  Until the matching execmon_exit, a change
 * made by any thread updates the armed bytes at once, and the code object stays alive.
 *
 * The thread of the state.  Fails with EXECMON_STATUS_FOREIGN if code and thread state belong to different monitors,
 * EXECMON_STATUS_STATE for code of a Python interpreter.
 */
execmon_status execmon_enter(execmon_thread *thread,
                             execmon_code *code,
                             execmon_error **error);

/**
 * Ends the innermost scope of the thread state.
 *
 * The thread of the state.  Fails with EXECMON_STATUS_STATE if no scope is open.
 */
execmon_status execmon_exit(execmon_thread *thread, execmon_error **error);


/* Events -------------------------------------------------------------------------------------------------------- */

/**
 * The events.  Each is a bit, so that a set of events is a union.
 */
enum {
  /** No event. */
  EXECMON_NO_EVENTS = 0,
  /** A function is entered. */
  EXECMON_EVENT_PY_START = 1 << 0,
  /** A generator or coroutine is resumed, except by throw(). */
  EXECMON_EVENT_PY_RESUME = 1 << 1,
  /** A function is about to return. */
  EXECMON_EVENT_PY_RETURN = 1 << 2,
  /** A function is about to yield. */
  EXECMON_EVENT_PY_YIELD = 1 << 3,
  /** A call is about to be made. */
  EXECMON_EVENT_CALL = 1 << 4,
  /** An instruction of another line is about to run. */
  EXECMON_EVENT_LINE = 1 << 5,
  /** An instruction is about to run. */
  EXECMON_EVENT_INSTRUCTION = 1 << 6,
  /** An unconditional jump is made. */
  EXECMON_EVENT_JUMP = 1 << 7,
  /** A branch falls through, or a loop head produced an item. */
  EXECMON_EVENT_BRANCH_LEFT = 1 << 8,
  /** A branch is taken, or a loop is exhausted. */
  EXECMON_EVENT_BRANCH_RIGHT = 1 << 9,
  /** An artificial StopIteration is raised. */
  EXECMON_EVENT_STOP_ITERATION = 1 << 10,
  /** An exception is raised, except one that causes STOP_ITERATION. */
  EXECMON_EVENT_RAISE = 1 << 11,
  /** An exception handler is entered. */
  EXECMON_EVENT_EXCEPTION_HANDLED = 1 << 12,
  /** A frame is left by an exception. */
  EXECMON_EVENT_PY_UNWIND = 1 << 13,
  /** A generator or coroutine is resumed by throw() or close(). */
  EXECMON_EVENT_PY_THROW = 1 << 14,
  /** An exception is raised again. */
  EXECMON_EVENT_RERAISE = 1 << 15,
  /** A callable that is no function of the host's language has returned. */
  EXECMON_EVENT_C_RETURN = 1 << 16,
  /** A callable that is no function of the host's language has raised. */
  EXECMON_EVENT_C_RAISE = 1 << 17,
  /** Both sides of a branch: BRANCH_LEFT and BRANCH_RIGHT. */
  EXECMON_EVENT_BRANCH = 1 << 18
};

/**
 * No line: a location that has none.  Every negative line means the same.
 */
#define EXECMON_NO_LINE (-1)

/**
 * No offset: the destination of an event that has none.
 */
#define EXECMON_NO_OFFSET UINT32_MAX

/**
 * No location: a destination that there is none of, or that is to be taken from the table.
 */
#define EXECMON_NO_LOCATION UINT32_MAX

/**
 * What a callback is told.  Borrowed for the call, with everything in it.  Grows only at its end: test `size` before
 * you read a field that was added after the first version.
 */
typedef struct execmon_event {
  /**
   * Size of this record in bytes.
   */
  uint32_t size;
  /**
   * The event: one of EXECMON_EVENT_*.  A callback registered for EXECMON_EVENT_BRANCH sees the side.
   */
  uint32_t event;
  /**
   * The tool that is called, 0 to 5.
   */
  int32_t tool;
  /**
   * Index of the location in the code's table.
   */
  uint32_t location;
  /**
   * Offset of the location, in the units of its table.
   */
  uint32_t offset;
  /**
   * Line of the location, negative for none.
   */
  int32_t line;
  /**
   * Offset of the destination (JUMP, BRANCH_LEFT, BRANCH_RIGHT), or EXECMON_NO_OFFSET.
   */
  uint32_t destination_offset;
  /**
   * Line of the destination, negative for none.
   */
  int32_t destination_line;
  /**
   * The code.  The same code has the same handle in every event, and no other code ever gets it.
   */
  execmon_code *code;
  /**
   * The thread state that fired; NULL for a Python interpreter's own.
   */
  execmon_thread *thread;
  /**
   * The monitor.
   */
  execmon_monitor *monitor;
  /**
   * What is called (CALL, C_RETURN, C_RAISE), else NULL.  This and the two below are the host's own pointers; for
   * the events of a Python interpreter they are NULL or &EXECMON_MISSING, see execmon_event_value.
   */
  const void *callable;
  /**
   * The first argument or &EXECMON_MISSING (CALL, C_RETURN, C_RAISE), else NULL.
   */
  const void *arg0;
  /**
   * The value returned or yielded, the exception, or the result of C_RETURN, else NULL.
   */
  const void *value;
} execmon_event;

/**
 * The documented name of an event, such as "PY_START" for EXECMON_EVENT_PY_START.  Never freed.  NULL if `event` is
 * not exactly one event's bit.  Any thread.
 */
const char *execmon_event_name(int64_t event);

/**
 * The event of a documented name: `*event` gets its bit.
 *
 * Any thread.  Fails with EXECMON_STATUS_VALUE if there is none.
 */
execmon_status execmon_event_from_name(const char *name, int64_t *event, execmon_error **error);

/**
 * What is called, in an event of a Python program: `*callable` gets a new handle.
 *
 * In a callback that is given the event, on its thread.  Fails with EXECMON_STATUS_END if the event has none,
 * EXECMON_STATUS_HANDLE outside of the callback, for a copy of the event and for an event of another host.
 */
execmon_status execmon_event_callable(const execmon_event *event,
                                      execmon_value **callable,
                                      execmon_error **error);

/**
 * The first argument of a call, in an event of a Python program; as execmon_event_callable.  In a callback that is
 * given the event, on its thread.
 */
execmon_status execmon_event_arg0(const execmon_event *event, execmon_value **arg0, execmon_error **error);

/**
 * The value returned or yielded, the exception, or the result of a call, in an event of a Python program; as
 * execmon_event_callable.  In a callback that is given the event, on its thread.
 */
execmon_status execmon_event_value(const execmon_event *event, execmon_value **value, execmon_error **error);


/* Callbacks ----------------------------------------------------------------------------------------------------- */

/**
 * Stands for the first argument of a call that has none: `event->arg0 == &EXECMON_MISSING`.
 */
extern const int EXECMON_MISSING;

/**
 * As an action (its value is 1): do not call for this tool, event, code object and location again until
 * execmon_restart_events.  Its address is the sentinel by which a callback in a host's own language asks for the same.
 */
extern const int EXECMON_DISABLE;

/**
 * What a callback wants: EXECMON_CONTINUE, EXECMON_DISABLE or EXECMON_ERROR.  Any other number counts as EXECMON_ERROR.
 */
typedef int execmon_action;

/**
 * A tool's callback.  Runs on the thread that fires.  Must return normally: no C++ exception, no longjmp.
 */
typedef execmon_action (*execmon_callback)(const execmon_event *event, void *user);

/**
 * Go on.
 */
#define EXECMON_CONTINUE 0

/**
 * Raise from the monitored instruction.  Tools of lower ids are not called for this event.
 */
#define EXECMON_ERROR 2

/**
 * Registers the callback of a tool for one event, in place of the one before; with `callback` NULL only removes that.
 *
 * `event` is one of EXECMON_EVENT_*.  EXECMON_EVENT_BRANCH stands for both sides: EXECMON_DISABLE from its callback
 * disables both sides of the location, so that the other side is never seen.  Where each side matters, as for branch
 * coverage, register for EXECMON_EVENT_BRANCH_LEFT and EXECMON_EVENT_BRANCH_RIGHT, which are disabled one by one.
 *
 * The tool id need not be in use.  The audit hook is asked first.  On success the library owns `user` and calls `drop`
 * (if not NULL) with it when the callback has been replaced or removed and runs nowhere any more; on failure, and when
 * `callback` is NULL, `drop` is not called.
 *
 * Any thread.  Fails with EXECMON_STATUS_VALUE (tool id, event), EXECMON_STATUS_OVERFLOW (`event` does not fit an int),
 * EXECMON_STATUS_REFUSED.
 */
execmon_status execmon_register_callback(execmon_monitor *monitor,
                                         int32_t tool,
                                         int64_t event,
                                         execmon_callback callback,
                                         void *user,
                                         execmon_drop drop,
                                         execmon_error **error);


/* Tools --------------------------------------------------------------------------------------------------------- */

/**
 * The tool id suggested for debuggers.
 */
#define EXECMON_DEBUGGER_ID 0

/**
 * The tool id suggested for coverage tools.
 */
#define EXECMON_COVERAGE_ID 1

/**
 * The tool id suggested for profilers.
 */
#define EXECMON_PROFILER_ID 2

/**
 * The tool id suggested for optimizers.
 */
#define EXECMON_OPTIMIZER_ID 5

/**
 * Takes a tool id, 0 to 5, into use under a name, which is copied.
 *
 * Any thread.  Fails with EXECMON_STATUS_VALUE if the id is not in 0 to 5 or is in use.
 */
execmon_status execmon_use_tool_id(execmon_monitor *monitor, int32_t tool, const char *name, execmon_error **error);

/**
 * Copies the name of a tool to `buffer` as snprintf does: at most `capacity - 1` bytes, whole characters, and a NUL.
 * `*length` (if not NULL) gets the length of the whole name.  `buffer` may be NULL if `capacity` is 0.
 *
 * Any thread.  Fails with EXECMON_STATUS_VALUE if the id is not in 0 to 5, EXECMON_STATUS_END if it is not in use.
 */
execmon_status execmon_get_tool(const execmon_monitor *monitor,
                                int32_t tool,
                                char *buffer,
                                size_t capacity,
                                size_t *length,
                                execmon_error **error);

/**
 * Removes all callbacks, global and local events and disabled locations of a tool; its name stays.  An id that is
 * not in use is no error.
 *
 * Any thread, also from a callback of this tool.  Fails with EXECMON_STATUS_VALUE if the id is not in 0 to 5.
 */
execmon_status execmon_clear_tool_id(execmon_monitor *monitor, int32_t tool, execmon_error **error);

/**
 * Clears a tool as execmon_clear_tool_id does and releases its id.
 *
 * Any thread, also from a callback of this tool.  Fails with EXECMON_STATUS_VALUE if the id is not in 0 to 5.
 */
execmon_status execmon_free_tool_id(execmon_monitor *monitor, int32_t tool, execmon_error **error);

/**
 * Sets the global events of a tool, replacing those before; takes effect at the next instruction of running code.
 *
 * `events` is a union of EXECMON_EVENT_*.  EXECMON_EVENT_BRANCH reads back as its two sides.  EXECMON_EVENT_C_RETURN and
 * EXECMON_EVENT_C_RAISE come together and with EXECMON_EVENT_CALL only, and are not stored: they follow CALL.
 *
 * Any thread.  Fails with EXECMON_STATUS_VALUE (tool id, tool not in use, unknown events, C_RETURN or C_RAISE alone),
 * EXECMON_STATUS_OVERFLOW (`events` does not fit an int).
 */
execmon_status execmon_set_events(execmon_monitor *monitor,
                                  int32_t tool,
                                  int64_t events,
                                  execmon_error **error);

/**
 * The global events of a tool: `*events` gets their bits, none if the id is not in use.
 *
 * Any thread.  Fails with EXECMON_STATUS_VALUE if the id is not in 0 to 5.
 */
execmon_status execmon_get_events(const execmon_monitor *monitor, int32_t tool, int64_t *events, execmon_error **error);

/**
 * Sets the events of a tool for one code object, replacing those before.  They add to the tool's global events.
 *
 * Any thread.  Fails as execmon_set_events does, with EXECMON_STATUS_VALUE also for events that can only be set
 * globally (RAISE, EXCEPTION_HANDLED, PY_UNWIND, PY_THROW, RERAISE), and with EXECMON_STATUS_FOREIGN if the code belongs
 * to another monitor.
 */
execmon_status execmon_set_local_events(execmon_monitor *monitor,
                                        int32_t tool,
                                        const execmon_code *code,
                                        int64_t events,
                                        execmon_error **error);

/**
 * The events of a tool for one code object: `*events` gets their bits, without the global ones.
 *
 * Any thread.  Fails with EXECMON_STATUS_VALUE if the id is not in 0 to 5, EXECMON_STATUS_FOREIGN if the code belongs to
 * another monitor.
 */
execmon_status execmon_get_local_events(const execmon_monitor *monitor,
                                        int32_t tool,
                                        const execmon_code *code,
                                        int64_t *events,
                                        execmon_error **error);


/* Hooks --------------------------------------------------------------------------------------------------------- */

/**
 * An audit hook.  `event` is the event's name, of which there is one: "sys.monitoring.register_callback".  `registers`
 * is 0 when a callback is removed.  `callback` and `callback_user` are those given to execmon_register_callback; NULL
 * for a callback that was registered in another way, such as by a Python program.  Any action but EXECMON_CONTINUE
 * refuses.
 */
typedef execmon_action (*execmon_audit)(const char *event,
                                        int registers,
                                        execmon_callback callback,
                                        void *callback_user,
                                        void *user);

/**
 * Told after a change that may alter what is armed: in one code object, or in any (`code` NULL).  Runs on the thread
 * that made the change.  `code` is borrowed for the call.
 */
typedef void (*execmon_changed)(execmon_code *code, void *user);

/**
 * Sets the audit hook, in place of the one before; with `hook` NULL only removes that.  It is called before a
 * callback is registered or removed, on the thread that asks for it, and may call the library.  Of what else a Python
 * program does, the hooks of its sys.addaudithook are told; see execmon_interp_new.
 *
 * On success the library owns `user` and calls `drop` (if not NULL) with it when the hook has been replaced or the
 * monitor freed and the hook does not run any more; with `hook` NULL, `drop` is not called.
 *
 * Any thread.
 */
execmon_status execmon_set_audit_hook(execmon_monitor *monitor,
                                      execmon_audit hook,
                                      void *user,
                                      execmon_drop drop,
                                      execmon_error **error);

/**
 * Sets the hook that is told of changes, in place of the one before; with `hook` NULL only removes that.  A host that
 * patches its code notes the change down and calls execmon_code_renew for the code that it is running, on its own
 * thread before the next instruction.  `user` and `drop` as for execmon_set_audit_hook.
 *
 * Any thread.  Fails with EXECMON_STATUS_STATE for the monitor of an interpreter, which uses the hook itself.
 */
execmon_status execmon_set_changed_hook(execmon_monitor *monitor,
                                        execmon_changed hook,
                                        void *user,
                                        execmon_drop drop,
                                        execmon_error **error);


/* Firing -------------------------------------------------------------------------------------------------------- */

/**
 * The host's values for one event.  All pointers are opaque to the library and passed on as they are, but for `arg0`.
 */
typedef struct execmon_payload {
  /**
   * sizeof(execmon_payload), so that the record can grow; at least 24, which is up to `value`.
   */
  uint32_t size;
  /**
   * The destination's location (JUMP, BRANCH_LEFT, BRANCH_RIGHT) if only the run knows it; EXECMON_NO_LOCATION takes the
   * one in the table.
   */
  uint32_t destination;
  /**
   * What is called (CALL, C_RETURN, C_RAISE).
   */
  const void *callable;
  /**
   * The first argument (CALL, C_RETURN, C_RAISE); NULL counts as &EXECMON_MISSING, no argument.
   */
  const void *arg0;
  /**
   * The value returned or yielded, the exception, or the result of a C call.
   */
  const void *value;
} execmon_payload;

/**
 * Fires an event: calls the tools that want it, highest id first.  Nothing happens where none does, and while a callback
 * runs on this thread state.  CALL, C_RETURN and C_RAISE have functions of their own.
 *
 * `event` is one of EXECMON_EVENT_*; a branch fires its side.  `payload` may be NULL for an event that has none.
 *
 * The thread of the state.  Fails with EXECMON_STATUS_CALLBACK or EXECMON_STATUS_CANNOT_DISABLE, which the host raises from
 * the monitored instruction; EXECMON_STATUS_VALUE (no such location, no such event, an exception event without value);
 * EXECMON_STATUS_FOREIGN if code and thread state belong to different monitors; EXECMON_STATUS_STATE for code of a Python
 * interpreter.
 */
execmon_status execmon_deliver(execmon_thread *thread,
                               execmon_code *code,
                               uint32_t location,
                               uint32_t event,
                               const execmon_payload *payload,
                               execmon_error **error);

/**
 * Fires LINE (if `line` is not 0) and then INSTRUCTION (if `instruction` is not 0), as an instruction begins.
 *
 * Threads and failures as for execmon_deliver; INSTRUCTION is not fired after a failure.
 */
execmon_status execmon_deliver_begin(execmon_thread *thread,
                                     execmon_code *code,
                                     uint32_t location,
                                     int32_t line,
                                     int32_t instruction,
                                     execmon_error **error);

/**
 * Fires CALL.  `*follow` gets the tools that are to see the C_RETURN or C_RAISE of this very call, to be passed to
 * execmon_deliver_return; a host that finds 0 there need not call that.  On failure it gets 0.
 *
 * Threads and failures as for execmon_deliver.
 */
execmon_status execmon_deliver_call(execmon_thread *thread,
                                    execmon_code *code,
                                    uint32_t location,
                                    const execmon_payload *payload,
                                    uint8_t *follow,
                                    execmon_error **error);

/**
 * Fires C_RETURN or C_RAISE to those tools of `follow` (from execmon_deliver_call) that still want it.  The payload's
 * value is the result or the exception.
 *
 * Threads and failures as for execmon_deliver; EXECMON_STATUS_VALUE also for any other event.
 */
execmon_status execmon_deliver_return(execmon_thread *thread,
                                      execmon_code *code,
                                      uint32_t location,
                                      uint32_t event,
                                      const execmon_payload *payload,
                                      uint8_t follow,
                                      execmon_error **error);


/* Output -------------------------------------------------------------------------------------------------------- */

/**
 * The program's standard output, as `stream` of a write function.
 */
#define EXECMON_STDOUT 1

/**
 * The program's standard error, as `stream` of a write function.
 */
#define EXECMON_STDERR 2

/**
 * Takes `length` bytes that the program writes to EXECMON_STDOUT or EXECMON_STDERR; `length` is 0 when it flushes.
 * The bytes are borrowed for the call; they are UTF-8, unless the program wrote something else, and not NUL-terminated.
 * 0 says that they were taken; anything else makes the program see an OSError.
 */
typedef int (*execmon_write)(int stream, const char *bytes, size_t length, void *user);

/**
 * Redirects what the program writes, in place of the redirection before; with `write` NULL to the process's own streams.
 *
 * On success the library owns `user` and calls `drop` (if not NULL) with it when the redirection has been replaced or the
 * interpreter freed; with `write` NULL, `drop` is not called.  The thread of the interpreter.
 */
execmon_status execmon_set_output(execmon_interp *interp,
                                  execmon_write write,
                                  void *user,
                                  execmon_drop drop,
                                  execmon_error **error);


/* Interpreters -------------------------------------------------------------------------------------------------- */

/**
 * How an interpreter is set up.  What is zero, and what a smaller `size` leaves out, is the default.
 */
typedef struct execmon_config {
  /**
   * sizeof(execmon_config), so that the record can grow; at least 48, which is up to `write`.
   */
  size_t size;
  /**
   * The number of folders in `path`.
   */
  size_t path_count;
  /**
   * sys.path, as the system has it (see Strings, above).  execmon_run_file puts the script's folder in front.
   */
  const char *const *path;
  /**
   * How many Python calls may nest; 0 for 1000.
   */
  size_t recursion_limit;
  /**
   * How many bytes the program's objects may take together; 0 for no limit.  Beyond it MemoryError is raised, also for
   * source of which each byte, at 64 for the compiler's own use, does not fit into what is left.
   */
  size_t memory_ceiling;
  /**
   * How many instructions the program may run; 0 for no limit.  See execmon_set_instruction_budget.
   */
  uint64_t instruction_budget;
  /**
   * Takes what the program writes to its standard streams; NULL for the process's own.
   */
  execmon_write write;
  /**
   * The user pointer of `write`.
   */
  void *user;
  /**
   * Called with `user` when `write` is not used any more; may be NULL.
   */
  execmon_drop drop;
} execmon_config;

/**
 * Makes an interpreter with its own monitor.  `config` may be NULL for the defaults.  Free it by execmon_interp_free.
 *
 * The calling thread becomes its thread.  On success the library owns `config->user`; on failure `config->drop` is not
 * called.  Fails with EXECMON_STATUS_VALUE (the config's size), EXECMON_STATUS_NULL.
 *
 * The limits bound what a program uses up, not what it does: it can open files, end the process and set the clock, as the
 * process itself can.  To refuse that, give it a hook of Python's sys.addaudithook, which may be a function of the host
 * (execmon_add_function); refuse the import of all modules but those that it needs, `posix` above all, as
 * examples/c/sandbox.c does.
 */
execmon_status execmon_interp_new(const execmon_config *config,
                                  execmon_interp **interp,
                                  execmon_error **error);

/**
 * Frees an interpreter with its monitor: its tools, hooks and functions are dropped, its modules end (so that their
 * finalizers run), and the handles of all its values with it.  NULL is allowed.
 *
 * The thread of the interpreter.  From a callback or function that the interpreter is calling, the handle ends at once,
 * and the interpreter when the outermost call returns.  Fails with EXECMON_STATUS_HANDLE, EXECMON_STATUS_THREAD.
 */
execmon_status execmon_interp_free(execmon_interp *interp);

/**
 * The interpreter's monitor.  Borrowed: it goes with the interpreter.  NULL if `interp` is no interpreter.  Any thread.
 */
execmon_monitor *execmon_interp_monitor(const execmon_interp *interp);

/**
 * Makes the program raise KeyboardInterrupt at its next call or backward jump; if none runs, at the first of the next
 * run.  The program can catch it: see execmon_terminate.  Any thread, also from a callback.  Fails with
 * EXECMON_STATUS_HANDLE.
 */
execmon_status execmon_interrupt(const execmon_interp *interp, execmon_error **error);

/**
 * Ends the program at its next call or backward jump.  It cannot catch that: no `except`, `finally` or finalizer of it runs
 * any more, and the call of the host that runs it returns EXECMON_STATUS_TERMINATED, as do all around that in the same
 * interpreter.  The interpreter can be used again when the outermost has returned.  If no program runs, the next one is ended,
 * and if execmon_interp_free comes next, no finalizer runs.
 *
 * What makes no call and no jump is not ended before it is done, such as one operation on a large int.
 *
 * Any thread, also from a callback.  Fails with EXECMON_STATUS_HANDLE.
 */
execmon_status execmon_terminate(const execmon_interp *interp,
                                 execmon_error **error);

/**
 * Changes how many Python calls may nest.  The thread of the interpreter.
 */
execmon_status execmon_set_recursion_limit(execmon_interp *interp, size_t calls, execmon_error **error);

/**
 * Changes how many bytes the program's objects may take; 0 for no limit.  The thread of the interpreter.
 */
execmon_status execmon_set_memory_ceiling(execmon_interp *interp, size_t bytes, execmon_error **error);

/**
 * Changes how many instructions the program may still run; 0 for no limit.  They are counted at calls and backward
 * jumps, so that a few more may run.  What uses them up gets a RuntimeError and 10,000 more to clean up; then it is
 * terminated as by execmon_terminate.  A budget that is used up stays so for the next run.  The thread of the interpreter.
 */
execmon_status execmon_set_instruction_budget(execmon_interp *interp,
                                              uint64_t instructions,
                                              execmon_error **error);


/* Running ------------------------------------------------------------------------------------------------------- */

/** As the length of a text: it ends at its NUL. */
#define EXECMON_NUL_TERMINATED SIZE_MAX

/**
 * Told of each code object of a module before the module runs: its own and all that are nested in it.  `code` is
 * borrowed for the call; execmon_code_retain keeps it.  The place to set local events of code that is about to run.
 * It may use the interpreter, and is not told of code that it runs itself.
 */
typedef void (*execmon_code_hook)(execmon_code *code, void *user);

/**
 * Runs a file as the program: as `__main__`, with sys.argv the path and `argc` arguments, and the file's folder first in
 * sys.path.  A folder stands for the `__main__.py` in it.  Path and arguments are texts of the system, which need not be UTF-8
 * (see Strings, above).  Nothing is printed for a failure: the error has the traceback.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION (also for a file that cannot be read or compiled),
 * EXECMON_STATUS_EXIT (SystemExit, also with status 0).
 */
execmon_status execmon_run_file(execmon_interp *interp,
                                const char *path,
                                size_t argc,
                                const char *const *argv,
                                execmon_error **error);

/**
 * Runs `length` bytes of source text (or all up to its NUL: EXECMON_NUL_TERMINATED) in the module `name`, which is made if it
 * is not there yet.  Tracebacks show the file as `<name>`.
 *
 * The thread of the interpreter.  Fails as execmon_run_file does, and with EXECMON_STATUS_TEXT if the name is not UTF-8.
 */
execmon_status execmon_run_string(execmon_interp *interp,
                                  const char *name,
                                  const char *source,
                                  size_t length,
                                  execmon_error **error);

/**
 * The value of an expression of `length` bytes (or EXECMON_NUL_TERMINATED) in the module `name`, which is made if it is not
 * there yet: `*value` gets a new handle.
 *
 * The thread of the interpreter.  Failures as for execmon_run_string.
 */
execmon_status execmon_eval_string(execmon_interp *interp,
                                   const char *name,
                                   const char *expression,
                                   size_t length,
                                   execmon_value **value,
                                   execmon_error **error);

/**
 * Imports a module by its dotted name: `*module` gets a new handle.
 *
 * The thread of the interpreter.  Failures as for execmon_run_string.
 */
execmon_status execmon_import(execmon_interp *interp, const char *name, execmon_value **module, execmon_error **error);

/**
 * Calls a function of a module, which is imported if it was not: `*result` gets a new handle.  `result` may be NULL.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION, EXECMON_STATUS_EXIT, EXECMON_STATUS_HANDLE (also for
 * an argument), EXECMON_STATUS_FOREIGN (an argument of another interpreter).
 */
execmon_status execmon_call(execmon_interp *interp,
                            const char *module,
                            const char *function,
                            execmon_value *const *args,
                            size_t count,
                            execmon_value **result,
                            execmon_error **error);

/**
 * A global of a module, which is imported if it was not: `*value` gets a new handle.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION (AttributeError if there is none).
 */
execmon_status execmon_get_global(execmon_interp *interp,
                                  const char *module,
                                  const char *name,
                                  execmon_value **value,
                                  execmon_error **error);

/**
 * Sets a global of a module, which is made if it is not there yet.  The host keeps its handle.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_FOREIGN if the value belongs to another interpreter.
 */
execmon_status execmon_set_global(execmon_interp *interp,
                                  const char *module,
                                  const char *name,
                                  const execmon_value *value,
                                  execmon_error **error);

/**
 * Sets the hook that is told of new code, in place of the one before; with `hook` NULL only removes that.  With
 * execmon_code_lines it tells a coverage tool which lines there are to be covered.
 *
 * On success the library owns `user` and calls `drop` (if not NULL) with it when the hook has been replaced or the
 * interpreter freed; with `hook` NULL, `drop` is not called.  The thread of the interpreter.
 */
execmon_status execmon_set_code_hook(execmon_interp *interp,
                                     execmon_code_hook hook,
                                     void *user,
                                     execmon_drop drop,
                                     execmon_error **error);


/* Frames -------------------------------------------------------------------------------------------------------- */

/**
 * Where a frame of a Python program is.
 */
typedef struct execmon_frame {
  /**
   * The host sets it to sizeof(execmon_frame), at least 24, before it asks, so that the record can grow.  It gets how many
   * bytes were filled: fewer, if the library is older than the header.
   */
  size_t size;
  /**
   * The code that it runs: borrowed while the frame lives, execmon_code_retain keeps it.
   */
  execmon_code *code;
  /**
   * Offset of the instruction that it is at, in the units of the code's table of locations.
   */
  uint32_t offset;
  /**
   * Line of the instruction, negative for none.
   */
  int32_t line;
} execmon_frame;

/**
 * How many frames of Python code are live in the interpreter: those under the callback, function or hook that asks, 0 if no
 * program runs.  `*count` gets it.
 *
 * The thread of the interpreter.
 */
execmon_status execmon_frame_count(execmon_interp *interp,
                                   size_t *count,
                                   execmon_error **error);

/**
 * Fills `*frame`, whose size must be set, for the frame `index`: 0 is the innermost.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_VALUE if there is no such frame or the size is too small.
 */
execmon_status execmon_frame_get(execmon_interp *interp,
                                 size_t index,
                                 execmon_frame *frame,
                                 execmon_error **error);

/**
 * The names that a frame has bound, as Python's locals() gives them: `*locals` gets a new handle of a dict.  For a function
 * it is a copy; for a module or class body it is the namespace itself.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_VALUE if there is no such frame.
 */
execmon_status execmon_frame_locals(execmon_interp *interp,
                                    size_t index,
                                    execmon_value **locals,
                                    execmon_error **error);

/**
 * The namespace of a frame's module: `*globals` gets a new handle of a dict.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_VALUE if there is no such frame.
 */
execmon_status execmon_frame_globals(execmon_interp *interp,
                                     size_t index,
                                     execmon_value **globals,
                                     execmon_error **error);

/**
 * The value of an expression of `length` bytes (or EXECMON_NUL_TERMINATED) with the names of a frame, as a debugger asks
 * for it: `*value` gets a new handle.  No event fires for it while a callback runs.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_VALUE if there is no such frame, else as execmon_eval_string.
 */
execmon_status execmon_frame_eval(execmon_interp *interp,
                                  size_t index,
                                  const char *expression,
                                  size_t length,
                                  execmon_value **value,
                                  execmon_error **error);


/* Making values ------------------------------------------------------------------------------------------------- */

/**
 * Makes None.
 *
 * All functions of this section run on the thread of the interpreter; `*value` gets a new handle.  What does not fit under
 * the memory ceiling fails with EXECMON_STATUS_MEMORY.
 */
execmon_status execmon_make_none(execmon_interp *interp,
                                 execmon_value **value,
                                 execmon_error **error);

/**
 * Makes True (`truth` is not 0) or False.  The thread of the interpreter.
 */
execmon_status execmon_make_bool(execmon_interp *interp, int32_t truth, execmon_value **value, execmon_error **error);

/**
 * Makes an int.  The thread of the interpreter.
 */
execmon_status execmon_make_int(execmon_interp *interp, int64_t number, execmon_value **value, execmon_error **error);

/**
 * Makes an int of any size from decimal text, as Python's int() reads it.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION (ValueError) if it is none.
 */
execmon_status execmon_make_int_from_text(execmon_interp *interp,
                                          const char *decimal,
                                          execmon_value **value,
                                          execmon_error **error);

/**
 * Makes a float.  The thread of the interpreter.
 */
execmon_status execmon_make_float(execmon_interp *interp, double number, execmon_value **value, execmon_error **error);

/**
 * Makes a str from `length` bytes of UTF-8, which may have NUL bytes among them; or up to the NUL, if `length` is
 * EXECMON_NUL_TERMINATED.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_TEXT, EXECMON_STATUS_MEMORY.
 */
execmon_status execmon_make_str(execmon_interp *interp,
                                const char *utf8,
                                size_t length,
                                execmon_value **value,
                                execmon_error **error);

/**
 * Makes bytes from a copy of `length` bytes.  The thread of the interpreter.
 */
execmon_status execmon_make_bytes(execmon_interp *interp,
                                  const uint8_t *data,
                                  size_t length,
                                  execmon_value **value,
                                  execmon_error **error);

/**
 * Makes a tuple of `count` values, whose handles the host keeps.  The thread of the interpreter.
 */
execmon_status execmon_make_tuple(execmon_interp *interp,
                                  execmon_value *const *items,
                                  size_t count,
                                  execmon_value **value,
                                  execmon_error **error);

/**
 * Makes a list of `count` values, whose handles the host keeps.  The thread of the interpreter.
 */
execmon_status execmon_make_list(execmon_interp *interp,
                                 execmon_value *const *items,
                                 size_t count,
                                 execmon_value **value,
                                 execmon_error **error);

/**
 * Makes a dict of `count` keys and values, whose handles the host keeps.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION (TypeError) if a key cannot be hashed.
 */
execmon_status execmon_make_dict(execmon_interp *interp,
                                 execmon_value *const *keys,
                                 execmon_value *const *values,
                                 size_t count,
                                 execmon_value **value,
                                 execmon_error **error);

/**
 * Makes a set of `count` values, whose handles the host keeps.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION (TypeError) if one cannot be hashed.
 */
execmon_status execmon_make_set(execmon_interp *interp,
                                execmon_value *const *items,
                                size_t count,
                                execmon_value **value,
                                execmon_error **error);


/* Values -------------------------------------------------------------------------------------------------------- */

/**
 * What a value is.  An instance of a subclass is what the built-in class is.
 */
typedef enum execmon_type {
  /**
   * Something that is not in this list.
   */
  EXECMON_TYPE_OTHER = 0,
  /**
   * None.
   */
  EXECMON_TYPE_NONE = 1,
  /**
   * True or False.
   */
  EXECMON_TYPE_BOOL = 2,
  /**
   * An int of any size.
   */
  EXECMON_TYPE_INT = 3,
  /**
   * A float.
   */
  EXECMON_TYPE_FLOAT = 4,
  /**
   * A str.
   */
  EXECMON_TYPE_STR = 5,
  /**
   * A bytes object.
   */
  EXECMON_TYPE_BYTES = 6,
  /**
   * A tuple.
   */
  EXECMON_TYPE_TUPLE = 7,
  /**
   * A list.
   */
  EXECMON_TYPE_LIST = 8,
  /**
   * A dict.
   */
  EXECMON_TYPE_DICT = 9,
  /**
   * A set or frozenset.
   */
  EXECMON_TYPE_SET = 10,
  /**
   * A class.
   */
  EXECMON_TYPE_CLASS = 11,
  /**
   * A function, method or built-in function.
   */
  EXECMON_TYPE_FUNCTION = 12,
  /**
   * A module.
   */
  EXECMON_TYPE_MODULE = 13,
  /**
   * An exception.
   */
  EXECMON_TYPE_EXCEPTION = 14,
} execmon_type;

/**
 * Makes one more handle of the same object: for instance to keep an argument of a function.  The thread of the
 * interpreter.
 */
execmon_status execmon_value_retain(const execmon_value *value,
                                    execmon_value **another,
                                    execmon_error **error);

/**
 * Releases a handle.  NULL is allowed.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_HANDLE if it is none (any more), also because its
 * interpreter has been freed; EXECMON_STATUS_THREAD.
 */
execmon_status execmon_value_release(execmon_value *value);

/**
 * What the value is: `*type` gets one of EXECMON_TYPE_*.  The thread of the interpreter.
 */
execmon_status execmon_value_type(const execmon_value *value, execmon_type *type, execmon_error **error);

/**
 * Copies the name of the value's class to `buffer`, as execmon_get_tool does with a tool's.  The thread of the
 * interpreter.
 */
execmon_status execmon_value_type_name(const execmon_value *value,
                                       char *buffer,
                                       size_t capacity,
                                       size_t *length,
                                       execmon_error **error);

/**
 * The truth of a value, as Python's bool() tells it: `*truth` gets 1 or 0.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION.
 */
execmon_status execmon_value_truth(const execmon_value *value, int32_t *truth, execmon_error **error);

/**
 * The number of an int or bool.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_TYPE for anything else, EXECMON_STATUS_OVERFLOW if it does
 * not fit.
 */
execmon_status execmon_value_int(const execmon_value *value, int64_t *number, execmon_error **error);

/**
 * The number of a float, int or bool.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_TYPE for anything else, EXECMON_STATUS_OVERFLOW for an int
 * beyond the range of double.
 */
execmon_status execmon_value_float(const execmon_value *value, double *number, execmon_error **error);

/**
 * The text of a value: of a str itself, of anything else as Python's str() makes it, such as the decimal digits of an
 * int of any size.  `*text` gets UTF-8 with a NUL behind it, valid until the handle is released (for a mutable object:
 * or asked again); `*length` (if not NULL) its length.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_TEXT if it has lone surrogates, EXECMON_STATUS_EXCEPTION.
 */
execmon_status execmon_value_text(const execmon_value *value,
                                  const char **text,
                                  size_t *length,
                                  execmon_error **error);

/**
 * The contents of a bytes object: `*data` is valid until the handle is released.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_TYPE for anything else.
 */
execmon_status execmon_value_bytes(const execmon_value *value,
                                   const uint8_t **data,
                                   size_t *length,
                                   execmon_error **error);

/**
 * The value's repr(): `*repr` gets a new handle of a str.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_EXCEPTION.
 */
execmon_status execmon_value_repr(const execmon_value *value,
                                  execmon_value **repr,
                                  execmon_error **error);

/**
 * The code object of a Python function or method: `*code` gets its handle, of which the caller is one more owner.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_TYPE for anything that has none.
 */
execmon_status execmon_value_code(const execmon_value *value, execmon_code **code, execmon_error **error);


/* Operations on values ------------------------------------------------------------------------------------------ */

/**
 * How execmon_value_compare compares.
 */
#define EXECMON_LT 0

/**
 * Less or equal.
 */
#define EXECMON_LE 1

/**
 * Equal.
 */
#define EXECMON_EQ 2

/**
 * Not equal.
 */
#define EXECMON_NE 3

/**
 * Greater.
 */
#define EXECMON_GT 4

/**
 * Greater or equal.
 */
#define EXECMON_GE 5

/**
 * `value[key]`: `*item` gets a new handle.  All functions of this section run on the thread of the interpreter and fail with
 * EXECMON_STATUS_EXCEPTION where Python raises, EXECMON_STATUS_FOREIGN for values of different interpreters.
 */
execmon_status execmon_value_get_item(const execmon_value *value,
                                      const execmon_value *key,
                                      execmon_value **item,
                                      execmon_error **error);

/**
 * `value[index]` for a number as key; negative ones count from the end.  The thread of the interpreter.
 */
execmon_status execmon_value_get_index(const execmon_value *value,
                                       int64_t index,
                                       execmon_value **item,
                                       execmon_error **error);

/**
 * `value[key] = item`.  The thread of the interpreter.
 */
execmon_status execmon_value_set_item(const execmon_value *value,
                                      const execmon_value *key,
                                      const execmon_value *item,
                                      execmon_error **error);

/**
 * `del value[key]`.  The thread of the interpreter.
 */
execmon_status execmon_value_del_item(const execmon_value *value, const execmon_value *key, execmon_error **error);

/**
 * `value.name`: `*attribute` gets a new handle.  The thread of the interpreter.
 */
execmon_status execmon_value_get_attr(const execmon_value *value,
                                      const char *name,
                                      execmon_value **attribute,
                                      execmon_error **error);

/**
 * Whether a value has an attribute, as Python's hasattr() tells it: `*has` gets 1 or 0.  The thread of the
 * interpreter.
 */
execmon_status execmon_value_has_attr(const execmon_value *value,
                                      const char *name,
                                      int32_t *has,
                                      execmon_error **error);

/**
 * `value.name = attribute`.  The thread of the interpreter.
 */
execmon_status execmon_value_set_attr(const execmon_value *value,
                                      const char *name,
                                      const execmon_value *attribute,
                                      execmon_error **error);

/**
 * `del value.name`.  The thread of the interpreter.
 */
execmon_status execmon_value_del_attr(const execmon_value *value, const char *name, execmon_error **error);

/**
 * `len(value)`.  The thread of the interpreter.
 */
execmon_status execmon_value_length(const execmon_value *value, size_t *length, execmon_error **error);

/**
 * `item in value`: `*contains` gets 1 or 0.  The thread of the interpreter.
 */
execmon_status execmon_value_contains(const execmon_value *value,
                                      const execmon_value *item,
                                      int32_t *contains,
                                      execmon_error **error);

/**
 * `iter(value)`: `*iterator` gets a new handle.  The thread of the interpreter.
 */
execmon_status execmon_value_iterate(const execmon_value *value, execmon_value **iterator, execmon_error **error);

/**
 * `next(iterator)`: `*item` gets a new handle.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_END when there is no more.
 */
execmon_status execmon_value_next(const execmon_value *iterator, execmon_value **item, execmon_error **error);

/**
 * Calls a value with `count` positional arguments and `named` keyword arguments, whose names and values stand in two
 * arrays: `*result` gets a new handle.  `result` may be NULL.  The thread of the interpreter.
 */
execmon_status execmon_value_call(const execmon_value *callable,
                                  execmon_value *const *args,
                                  size_t count,
                                  const char *const *names,
                                  execmon_value *const *values,
                                  size_t named,
                                  execmon_value **result,
                                  execmon_error **error);

/**
 * `value.name(*args)`: calls a method with `count` positional arguments; `*result` gets a new handle.  `result` may be
 * NULL.  The thread of the interpreter.
 */
execmon_status execmon_value_call_method(const execmon_value *value,
                                         const char *name,
                                         execmon_value *const *args,
                                         size_t count,
                                         execmon_value **result,
                                         execmon_error **error);

/**
 * `isinstance(value, class_)`: `*is` gets 1 or 0.  `class_` may also be a tuple of classes.  The thread of the
 * interpreter.
 */
execmon_status execmon_value_is_instance(const execmon_value *value,
                                         const execmon_value *class_,
                                         int32_t *is,
                                         execmon_error **error);

/**
 * Compares two values by one of EXECMON_LT and its like: `*holds` gets 1 or 0.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_VALUE for another operator.
 */
execmon_status execmon_value_compare(const execmon_value *left,
                                     const execmon_value *right,
                                     int32_t operator_,
                                     int32_t *holds,
                                     execmon_error **error);

/**
 * Whether two handles are of the same object, as Python's `is`: `*same` gets 1 or 0.  The thread of the interpreter.
 */
execmon_status execmon_value_is(const execmon_value *left,
                                const execmon_value *right,
                                int32_t *same,
                                execmon_error **error);

/**
 * `hash(value)`.  The thread of the interpreter.
 */
execmon_status execmon_value_hash(const execmon_value *value, int64_t *hash, execmon_error **error);


/* Functions of the host ----------------------------------------------------------------------------------------- */

/**
 * A function of the host.  `args` are `count` values, borrowed for the call.  On success it returns EXECMON_OK and sets
 * `*result` to a handle that the library takes over, or leaves it NULL for None.  To raise, it returns any other status
 * and sets `*error`, which the library takes over, to an error of execmon_error_new or of a call that failed; without one,
 * RuntimeError is raised.  Runs on the thread of the interpreter; must return normally.
 */
typedef int (*execmon_function)(execmon_interp *interp,
                                execmon_value *const *args,
                                size_t count,
                                execmon_value **result,
                                execmon_error **error,
                                void *user);

/**
 * Gives a module, which is made if it is not there yet, a function of the host.
 *
 * On success the library owns `user` and calls `drop` (if not NULL) with it when the function has died: as soon as a call of
 * the library returns after that.
 *
 * The thread of the interpreter.  Fails with EXECMON_STATUS_NULL, EXECMON_STATUS_TEXT, EXECMON_STATUS_EXCEPTION.
 */
execmon_status execmon_add_function(execmon_interp *interp,
                                    const char *module,
                                    const char *name,
                                    execmon_function function,
                                    void *user,
                                    execmon_drop drop,
                                    execmon_error **error);

#ifdef __cplusplus
}
#endif

#include "execmon_fire.h"

#endif /* EXECMON_H */
