/*
 * A sandbox: runs programs that nobody trusts in one interpreter, one after the other, with limits on memory, time and
 * instructions, without files and with a few modules only, and goes on after each.
 *
 *   sandbox [SCRIPT...]      without scripts: some that misbehave
 */
#define _DEFAULT_SOURCE
#include <execmon.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- a watchdog that ends a program after a time */

typedef struct {
  execmon_interp *py;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int done;
  int seconds;
} watchdog;

static void *watch(void *user) {
  watchdog *dog = (watchdog *)user;
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += dog->seconds;
  pthread_mutex_lock(&dog->lock);
  while (!dog->done) {
    if (pthread_cond_timedwait(&dog->changed, &dog->lock, &end) != 0) {
      if (!dog->done) execmon_terminate(dog->py, NULL);
      break;
    }
  }
  pthread_mutex_unlock(&dog->lock);
  return NULL;
}

/* ---- what programs may do: an audit hook of the program's own kind, in C
 *
 * Python's audit events tell of what is done to files, but not of all that a module can do: posix._exit ends the process of
 * the host, and time.clock_settime may set its clock.  So a program gets the modules that are named here and no others.
 */

static int is_allowed(const char *module) {
  static const char *const allowed[] = {"math", "itertools", "_collections", "_functools", "_operator", "_struct"};
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
    if (strcmp(module, allowed[i]) == 0) return 1;
  }
  return 0;
}

/* The module of an import event, whose second argument is a tuple that begins with it. */
static execmon_status is_import_allowed(execmon_value *event_args, int *allowed, execmon_error **error) {
  execmon_value *module;
  const char *name;
  execmon_status status = execmon_value_get_index(event_args, 0, &module, error);
  if (status != EXECMON_OK) return status;
  status = execmon_value_text(module, &name, NULL, error);
  if (status == EXECMON_OK) *allowed = is_allowed(name);
  execmon_value_release(module);
  return status;
}

static int audit(execmon_interp *py, execmon_value *const *args, size_t count, execmon_value **result,
                 execmon_error **error, void *user) {
  static const char *const refused[] = {"open", "os.", "sys.monitoring.", "sys.set", "sys.addaudithook"};
  const char *event = "";
  int allowed = 0;
  (void)py, (void)result, (void)user;
  if (count < 2 || execmon_value_text(args[0], &event, NULL, error) != EXECMON_OK) return EXECMON_STATUS_VALUE;
  if (strcmp(event, "import") == 0) {
    if (is_import_allowed(args[1], &allowed, error) != EXECMON_OK) return EXECMON_STATUS_VALUE;
    if (allowed) return EXECMON_OK;
    execmon_error_new("ImportError", "this module is not for programs", error);
    return EXECMON_STATUS_REFUSED;
  }
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    if (strncmp(event, refused[i], strlen(refused[i])) == 0) {
      execmon_error_new("PermissionError", event, error);
      return EXECMON_STATUS_REFUSED;
    }
  }
  return EXECMON_OK;
}

static void prepare(execmon_interp *py) {
  static const char source[] = "import sys, sandbox\nsys.addaudithook(sandbox.audit)\n";
  execmon_error *error = NULL;
  if (execmon_add_function(py, "sandbox", "audit", audit, NULL, NULL, &error) != EXECMON_OK ||
      execmon_run_string(py, "prepare", source, EXECMON_NUL_TERMINATED, &error) != EXECMON_OK) {
    fprintf(stderr, "cannot prepare: %s\n", execmon_error_message(error));
    exit(2);
  }
}

static void run(execmon_interp *py, const char *name, const char *source) {
  execmon_error *error = NULL;
  watchdog dog;
  pthread_t thread;
  memset(&dog, 0, sizeof dog);
  dog.py = py, dog.seconds = 2;
  pthread_mutex_init(&dog.lock, NULL);
  pthread_cond_init(&dog.changed, NULL);
  execmon_set_instruction_budget(py, 50 * 1000 * 1000, NULL);
  pthread_create(&thread, NULL, watch, &dog);

  execmon_status status = execmon_run_string(py, "untrusted", source, EXECMON_NUL_TERMINATED, &error);

  pthread_mutex_lock(&dog.lock);
  dog.done = 1;
  pthread_cond_signal(&dog.changed);
  pthread_mutex_unlock(&dog.lock);
  pthread_join(thread, NULL);
  pthread_cond_destroy(&dog.changed);
  pthread_mutex_destroy(&dog.lock);
  switch (status) {
    case EXECMON_OK: printf("%-12s ended well\n", name); break;
    case EXECMON_STATUS_TERMINATED: printf("%-12s was ended by force\n", name); break;
    default: printf("%-12s failed: %s: %.60s\n", name, execmon_error_type(error), execmon_error_message(error));
  }
  execmon_error_free(error);
}

static int discard(int stream, const char *bytes, size_t length, void *user) {
  size_t *total = (size_t *)user;
  (void)stream, (void)bytes;
  *total += length;
  return *total > 100000; /* too much output makes print() fail */
}

int main(int argc, char **argv) {
  static const char *const programs[][2] = {
      {"good", "print(sum(range(10)))\n"},
      {"loop", "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n"},
      {"memory", "x = []\nwhile True: x.append('x' * 1000000)\n"},
      {"huge", "x = 10 ** 10 ** 8\n"},
      {"recursion", "def f(): f()\nf()\n"},
      {"files", "open('/etc/passwd').read()\n"},
      {"modules", "import math\nimport posix\nposix._exit(3)\n"},
      {"output", "while True: print('spam' * 100)\n"},
      {"exit", "raise SystemExit(9)\n"},
      {"good again", "print(sum(range(10)))\n"},
  };
  execmon_interp *py;
  execmon_config config;
  size_t written = 0;
  memset(&config, 0, sizeof config);
  config.size = sizeof config;
  config.memory_ceiling = (size_t)64 << 20;
  config.recursion_limit = 200;
  config.write = discard, config.user = &written;
  if (execmon_interp_new(&config, &py, NULL) != EXECMON_OK) return 2;
  prepare(py);
  if (argc < 2) {
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
      written = 0;
      run(py, programs[i][0], programs[i][1]);
    }
  }
  for (int i = 1; i < argc; i++) {
    static char source[1 << 20];
    FILE *file = fopen(argv[i], "rb");
    if (file == NULL) return perror(argv[i]), 2;
    source[fread(source, 1, sizeof source - 1, file)] = 0;
    fclose(file);
    written = 0;
    run(py, argv[i], source);
  }
  execmon_terminate(py, NULL); /* so that no finalizer of theirs runs */
  execmon_interp_free(py);
  return 0;
}
