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
