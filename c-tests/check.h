/* A harness in one file: checks print where they failed and the test goes on; main returns finish(). */
#ifndef CHECK_H
#define CHECK_H

#include <execmon.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_failures;

/* Where functions under test put their error. */
static execmon_error *err;

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static inline void check_fail(const char *file, int line, const char *what) {
  fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
  check_failures++;
}

static inline int check_true(int truth, const char *file, int line, const char *what) {
  if (!truth) check_fail(file, line, what);
  return truth;
}

static inline void check_int(long long got, long long want, const char *file, int line, const char *what) {
  if (got != want) {
    check_fail(file, line, what);
    fprintf(stderr, "  got %lld, want %lld\n", got, want);
  }
}

static inline void check_text(const char *got, const char *want, const char *file, int line, const char *what) {
  if (got == NULL || strcmp(got, want) != 0) {
    check_fail(file, line, what);
    fprintf(stderr, "  got  %s\n  want %s\n", got ? got : "NULL", want);
  }
}

static inline void check_status(execmon_status got, execmon_status want, const char *text, const char *file, int line,
                                const char *what) {
  const char *message = execmon_error_message(err);
  if (got != want) {
    check_fail(file, line, what);
    fprintf(stderr, "  got status %d (%s), want %d\n", (int)got, message ? message : "no error", (int)want);
  }
  if (want == EXECMON_OK) {
    check_true(err == NULL, file, line, "success leaves no error");
  } else if (text != NULL) {
    check_int(execmon_error_status(err), want, file, line, "the error has the status");
    if (message == NULL || strstr(message, text) == NULL) {
      check_fail(file, line, what);
      fprintf(stderr, "  message %s\n  lacks   %s\n", message ? message : "NULL", text);
    }
  }
  execmon_error_free(err);
  err = NULL;
}

#define CHECK(truth) check_true((truth) ? 1 : 0, __FILE__, __LINE__, #truth)
#define CHECK_INT(got, want) check_int((long long)(got), (long long)(want), __FILE__, __LINE__, #got " == " #want)
#define CHECK_TEXT(got, want) check_text((got), (want), __FILE__, __LINE__, #got)
/* The call, which has `&err` as its last argument, succeeds. */
#define OK(call) check_status((call), EXECMON_OK, NULL, __FILE__, __LINE__, #call)
/* The call fails with this status, and its error's message has this text. */
#define FAILS(status, text, call) check_status((call), (status), (text), __FILE__, __LINE__, #call)
/* The call, which gives no error, returns this status. */
#define GIVES(status, call) CHECK_INT((call), (status))

#define RUN(test)              \
  do {                         \
    int before = check_failures; \
    test();                    \
    printf("%s %s\n", check_failures == before ? "ok  " : "FAIL", #test); \
  } while (0)

static inline int finish(void) {
  if (check_failures) printf("%d checks failed\n", check_failures);
  return check_failures ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Something that is no handle: memory of our own. */
static inline void *no_handle(void) {
  static long long memory[32];
  return memory;
}

/* Counts what was dropped. */
static inline void count_drop(void *user) { ++*(int *)user; }

#endif
