/* A Python interpreter for tests. */
#ifndef PYTHON_H
#define PYTHON_H

#include "check.h"

static execmon_interp *py;

/* What the program has written. */
static char written[8192];
static size_t written_length;

static inline int write_down(int stream, const char *bytes, size_t length, void *user) {
  (void)user;
  if (stream == EXECMON_STDOUT && written_length + length < sizeof written) {
    memcpy(written + written_length, bytes, length);
    written_length += length;
    written[written_length] = 0;
  }
  return 0;
}

static inline void begin(void) {
  written_length = 0, written[0] = 0;
  OK(execmon_interp_new(NULL, &py, &err));
  OK(execmon_set_output(py, write_down, NULL, NULL, &err));
}

static inline void end(void) { GIVES(EXECMON_OK, execmon_interp_free(py)); }

static inline execmon_status run(const char *source) {
  return execmon_run_string(py, "test", source, EXECMON_NUL_TERMINATED, &err);
}

static inline execmon_value *eval(const char *expression) {
  execmon_value *value = NULL;
  OK(execmon_eval_string(py, "test", expression, EXECMON_NUL_TERMINATED, &value, &err));
  return value;
}

/* Checks the repr of a value and releases it. */
static inline void check_repr(execmon_value *value, const char *want, const char *file, int line) {
  execmon_value *repr = NULL;
  const char *text = NULL;
  check_status(execmon_value_repr(value, &repr, &err), EXECMON_OK, NULL, file, line, "repr");
  check_status(execmon_value_text(repr, &text, NULL, &err), EXECMON_OK, NULL, file, line, "text");
  check_text(text, want, file, line, "repr");
  execmon_value_release(repr);
  execmon_value_release(value);
}

#define REPR(value, want) check_repr((value), (want), __FILE__, __LINE__)

#endif
