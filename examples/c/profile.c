/*
 * A call profiler: how often each Python function ran, and how long with and without what it called.
 *
 *   profile SCRIPT [ARGS]
 */
#define _POSIX_C_SOURCE 200809L
#include <execmon.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  execmon_code *code; /* one more owner, so that the names stay */
  unsigned long calls;
  double total, own; /* seconds */
} entry;

typedef struct {
  size_t entry; /* index: the table moves when it grows */
  double entered, in_callees;
} activation;

typedef struct {
  entry *entries;
  size_t count, capacity;
  activation *stack;
  size_t depth, stack_capacity;
} profile;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void *grown(void *items, size_t count, size_t *capacity, size_t size) {
  if (count < *capacity) return items;
  *capacity = *capacity ? 2 * *capacity : 64;
  items = realloc(items, *capacity * size);
  if (items == NULL) abort();
  return items;
}

/* The same code has the same handle in every event; a real profiler would hash it. */
static size_t entry_of(profile *p, execmon_code *code) {
  for (size_t i = p->count; i-- > 0;) {
    if (p->entries[i].code == code) return i;
  }
  p->entries = (entry *)grown(p->entries, p->count, &p->capacity, sizeof *p->entries);
  memset(&p->entries[p->count], 0, sizeof *p->entries);
  execmon_code_retain(code, NULL);
  p->entries[p->count].code = code;
  return p->count++;
}

static execmon_action on_enter(const execmon_event *event, void *user) {
  profile *p = (profile *)user;
  p->stack = (activation *)grown(p->stack, p->depth, &p->stack_capacity, sizeof *p->stack);
  activation *top = &p->stack[p->depth++];
  top->entry = entry_of(p, event->code);
  top->in_callees = 0;
  p->entries[top->entry].calls += event->event == EXECMON_EVENT_PY_START;
  top->entered = now();
  return EXECMON_CONTINUE;
}

static execmon_action on_leave(const execmon_event *event, void *user) {
  profile *p = (profile *)user;
  (void)event;
  if (p->depth == 0) return EXECMON_CONTINUE; /* entered before we watched */
  activation *top = &p->stack[--p->depth];
  double spent = now() - top->entered;
  p->entries[top->entry].total += spent;
  p->entries[top->entry].own += spent - top->in_callees;
  if (p->depth) p->stack[p->depth - 1].in_callees += spent;
  return EXECMON_CONTINUE;
}

static int by_own(const void *a, const void *b) {
  double x = ((const entry *)a)->own, y = ((const entry *)b)->own;
  return x < y ? 1 : x > y ? -1 : 0;
}

int main(int argc, char **argv) {
  static const int64_t enters[] = {EXECMON_EVENT_PY_START, EXECMON_EVENT_PY_RESUME, EXECMON_EVENT_PY_THROW};
  static const int64_t leaves[] = {EXECMON_EVENT_PY_RETURN, EXECMON_EVENT_PY_YIELD, EXECMON_EVENT_PY_UNWIND};
  execmon_interp *py;
  execmon_error *error = NULL;
  profile p;
  int64_t set = 0;
  memset(&p, 0, sizeof p);
  if (argc < 2) return fprintf(stderr, "usage: profile SCRIPT [ARGS]\n"), 2;
  if (execmon_interp_new(NULL, &py, &error) != EXECMON_OK) return 2;
  execmon_monitor *monitor = execmon_interp_monitor(py);
  execmon_use_tool_id(monitor, EXECMON_PROFILER_ID, "profile", NULL);
  for (int i = 0; i < 3; i++) {
    execmon_register_callback(monitor, EXECMON_PROFILER_ID, enters[i], on_enter, &p, NULL, NULL);
    execmon_register_callback(monitor, EXECMON_PROFILER_ID, leaves[i], on_leave, &p, NULL, NULL);
    set |= enters[i] | leaves[i];
  }
  execmon_set_events(monitor, EXECMON_PROFILER_ID, set, NULL);
  execmon_status status = execmon_run_file(py, argv[1], (size_t)argc - 2, (const char *const *)argv + 2, &error);
  execmon_free_tool_id(monitor, EXECMON_PROFILER_ID, NULL);

  qsort(p.entries, p.count, sizeof *p.entries, by_own);
  fprintf(stderr, "%8s %9s %9s  function\n", "calls", "total", "own");
  for (size_t i = 0; i < p.count; i++) {
    const entry *e = &p.entries[i];
    fprintf(stderr, "%8lu %8.3fs %8.3fs  %s (%s:%d)\n", e->calls, e->total, e->own, execmon_code_qualified_name(e->code),
            execmon_code_filename(e->code), (int)execmon_code_first_line(e->code));
    execmon_code_release(e->code);
  }
  free(p.entries), free(p.stack);
  int exit_status = 0;
  if (status != EXECMON_OK) {
    const char *traceback = execmon_error_traceback(error);
    fputs(traceback ? traceback : execmon_error_message(error), stderr);
    exit_status = execmon_error_exit_status(error);
    execmon_error_free(error);
  }
  execmon_interp_free(py);
  return exit_status;
}
