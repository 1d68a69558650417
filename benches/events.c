/*
 * What an event costs: runs main() of a Python module under a tool whose callback counts.
 *
 *   events FILE none|EVENT[,EVENT...] PASSES
 *
 * Prints the events counted and the nanoseconds of processor time that the passes took, after one that warms up.
 */
#include <execmon.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOOL 3

static uint64_t count;

static execmon_action on_event(const execmon_event *event, void *user) {
  (void)event;
  ++*(uint64_t *)user;
  return EXECMON_CONTINUE;
}

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void check(execmon_status status, execmon_error *error) {
  if (status == EXECMON_OK) return;
  fprintf(stderr, "events: %s\n", error ? execmon_error_message(error) : "failed");
  exit(1);
}

static char *contents(const char *file) {
  FILE *f = fopen(file, "rb");
  long size;
  char *text;
  if (!f || fseek(f, 0, SEEK_END) || (size = ftell(f)) < 0 || !(text = malloc((size_t)size + 1))) {
    perror(file);
    exit(1);
  }
  rewind(f);
  text[fread(text, 1, (size_t)size, f)] = 0;
  fclose(f);
  return text;
}

static void pass(execmon_interp *py) {
  execmon_error *error = NULL;
  execmon_value *result = NULL;
  check(execmon_call(py, "bench", "main", NULL, 0, &result, &error), error);
  execmon_value_release(result);
}

int main(int argc, char **argv) {
  execmon_interp *py;
  execmon_monitor *monitor;
  execmon_error *error = NULL;
  int64_t events = 0;
  uint64_t start;
  char *source;
  int i;
  if (argc != 4) return 2;
  check(execmon_interp_new(NULL, &py, &error), error);
  source = contents(argv[1]);
  check(execmon_run_string(py, "bench", source, strlen(source), &error), error);
  monitor = execmon_interp_monitor(py);
  check(execmon_use_tool_id(monitor, TOOL, "events", &error), error);
  if (strcmp(argv[2], "none") != 0) {
    char *name = strtok(argv[2], ",");
    for (; name; name = strtok(NULL, ",")) {
      int64_t event;
      check(execmon_event_from_name(name, &event, &error), error);
      check(execmon_register_callback(monitor, TOOL, event, on_event, &count, NULL, &error), error);
      events |= event;
    }
  }
  check(execmon_set_events(monitor, TOOL, events, &error), error);
  pass(py);
  count = 0;
  start = now();
  for (i = 0; i < atoi(argv[3]); i++) pass(py);
  printf("%llu %llu\n", (unsigned long long)count, (unsigned long long)(now() - start));
  execmon_interp_free(py);
  return 0;
}
