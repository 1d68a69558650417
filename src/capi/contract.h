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
 * Ownership.  A handle (a pointer to one of the opaque types) belongs to whoever made it and is freed once, by the
 * function that its constructor names.  Handles may be freed in any order.  NULL may be freed.  A handle is not an
 * address: one that has been freed, or is of another kind, or is no handle at all, gives EXECMON_STATUS_HANDLE for ever,
 * never undefined behaviour.  What the library cannot check is your memory: a pointer to text, to an array or to a place
 * for a result must be NULL or valid for the call.
 *
 * Threads.  Unless a function says otherwise, any thread may call it at any time.  A thread state is used by one thread
 * at a time, and a Python interpreter with its values by the thread that made it; other threads get
 * EXECMON_STATUS_THREAD.  From other threads it can be interrupted (execmon_interrupt), ended for good
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
 * lives as long as what it was asked of.
 *
 * Versions.  Symbols, enumerators and structures only grow: numbers are never reused, and a structure carries its size.
 * The major version is in the shared library's SONAME.
 */
