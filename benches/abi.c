/*
 * What monitoring costs a host through the ABI: its fire points, changes of sets with many idle code objects, registering and
 * arming code objects.  For benches/abi.py; prints lines of `name value unit`.
 */
#include <execmon.h>
#include <execmon_fire.h>

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TOOL = 3, LOCATIONS = 53, LINES = 12, IDLE = 10000, FUNCTIONS = 1000, ROUNDS = 20 };

static uint64_t count;

static execmon_action on_event(const execmon_event *event, void *user) {
  (void)event;
  ++*(uint64_t *)user;
  return EXECMON_CONTINUE;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void check(execmon_status status, execmon_error *error) {
  if (status == EXECMON_OK) return;
  fprintf(stderr, "abi: %s\n", error ? execmon_error_message(error) : "failed");
  exit(1);
}

#define CHECK(call) check(call, error)

static int ascending(const void *left, const void *right) {
  double l = *(const double *)left, r = *(const double *)right;
  return (l > r) - (l < r);
}

static double median(double *values, int n) {
  qsort(values, (size_t)n, sizeof *values, ascending);
  return values[n / 2];
}

/*
 * What abi.py disassembles: an interpreter's loop with a fire point and nothing else.  It has the view in a local variable, as
 * the header says.
 */
__attribute__((noinline)) execmon_status fire_points(const execmon_view *of, execmon_thread *thread, uint32_t locations,
                                                    execmon_error **error) {
  const execmon_view view = *of;
  uint32_t at;
  for (at = 0; at < locations; at++) {
    execmon_status status = execmon_fire_line(&view, thread, at, error);
    if (status != EXECMON_OK) return status;
  }
  return EXECMON_OK;
}

static execmon_code *register_one(execmon_monitor *monitor) {
  execmon_error *error = NULL;
  execmon_code *code;
  execmon_location table[LOCATIONS];
  execmon_code_spec spec = {0};
  uint32_t i;
  for (i = 0; i < LOCATIONS; i++) {
    memset(&table[i], 0, sizeof table[i]);
    table[i].offset = 2 * i;
    table[i].line = 1 + (int32_t)(i * LINES / LOCATIONS);
    table[i].events = EXECMON_EVENT_INSTRUCTION;
    if (i == 0 || table[i].line != table[i - 1].line) table[i].events |= EXECMON_EVENT_LINE;
    table[i].left = table[i].right = table[i].jump = EXECMON_NO_LOCATION;
  }
  spec.size = sizeof spec;
  spec.name = "rule";
  spec.file = "rules.txt";
  spec.first_line = 1;
  spec.location_count = LOCATIONS;
  spec.locations = table;
  CHECK(execmon_register_code(monitor, &spec, &code, &error));
  return code;
}

static void firing(execmon_monitor *monitor, execmon_thread *thread) {
  enum { N = 2000000, PASSES = N / LOCATIONS };
  execmon_error *error = NULL;
  execmon_code *code = register_one(monitor);
  execmon_view view;
  double inactive[ROUNDS], active[ROUNDS], start;
  int round;
  uint32_t i;
  CHECK(execmon_code_view(code, &view, &error));
  for (round = 0; round < ROUNDS; round++) {
    CHECK(execmon_set_events(monitor, TOOL, 0, &error));
    CHECK(execmon_fire_enter(&view, thread, &error));
    start = now();
    for (i = 0; i < PASSES; i++) CHECK(fire_points(&view, thread, LOCATIONS, &error));
    inactive[round] = (now() - start) / (PASSES * LOCATIONS);
    CHECK(execmon_set_events(monitor, TOOL, EXECMON_EVENT_LINE, &error));
    count = 0;
    start = now();
    for (i = 0; i < N; i++) CHECK(execmon_fire_line(&view, thread, 0, &error));
    active[round] = (now() - start) / N;
    if (count != N) fprintf(stderr, "abi: %d events became %d\n", (int)N, (int)count), exit(1);
    CHECK(execmon_fire_exit(thread, &error));
  }
  CHECK(execmon_set_events(monitor, TOOL, 0, &error));
  execmon_code_release(code);
  printf("inactive_fire_point %.2f ns\n", median(inactive, ROUNDS));
  printf("active_fire_point %.2f ns\n", median(active, ROUNDS));
}

static void idle_code(execmon_monitor *monitor, execmon_thread *thread) {
  enum { CHANGES = 2000 };
  static execmon_code *codes[IDLE];
  execmon_error *error = NULL;
  execmon_view view;
  double registering, changing[ROUNDS], arming[ROUNDS], start, both;
  int round, i;
  start = now();
  for (i = 0; i < IDLE; i++) codes[i] = register_one(monitor);
  registering = (now() - start) / IDLE;
  CHECK(execmon_code_view(codes[0], &view, &error));
  CHECK(execmon_fire_enter(&view, thread, &error));
  for (round = 0; round < ROUNDS; round++) {
    start = now();
    for (i = 0; i < CHANGES; i++) CHECK(execmon_set_events(monitor, TOOL, i % 2 ? 0 : EXECMON_EVENT_LINE, &error));
    changing[round] = (now() - start) / CHANGES;
  }
  CHECK(execmon_fire_exit(thread, &error));
  for (round = 0; round < ROUNDS; round++) {
    /* All 10,000 are armed once for each change, so that the change itself is nothing. */
    CHECK(execmon_set_events(monitor, TOOL, round % 2 ? 0 : EXECMON_EVENT_LINE, &error));
    start = now();
    for (i = 0; i < IDLE; i++) CHECK(execmon_code_renew(codes[i], &error));
    both = (now() - start) / IDLE;
    arming[round] = both;
  }
  CHECK(execmon_set_events(monitor, TOOL, 0, &error));
  for (i = 0; i < IDLE; i++) execmon_code_release(codes[i]);
  printf("register_code %.0f ns\n", registering);
  printf("set_events %.0f ns\n", median(changing, ROUNDS));
  printf("arm_code %.0f ns\n", median(arming, ROUNDS));
}

/* Functions of some 53 instructions in 12 lines that return at once: what an entry costs more when it arms the function. */
static char *functions(void) {
  char *text = malloc(FUNCTIONS * 512 + 256), *at = text;
  int i, line;
  for (i = 0; i < FUNCTIONS; i++) {
    at += sprintf(at, "def f%d(n):\n    if not n: return n\n", i);
    for (line = 0; line < LINES - 3; line++) at += sprintf(at, "    n = (n + %d) * n - (n >> 2) + n %% 7\n", line + 2);
    at += sprintf(at, "    return n\n");
  }
  at += sprintf(at, "def main():\n    for f in ALL: f(0)\n    return 0\nALL = [globals()[f'f{i}'] for i in range(%d)]\n",
                (int)FUNCTIONS);
  return text;
}

static double pass(execmon_interp *py) {
  execmon_error *error = NULL;
  execmon_value *result = NULL;
  double start = now(), taken;
  CHECK(execmon_call(py, "rules", "main", NULL, 0, &result, &error));
  taken = (now() - start) / FUNCTIONS;
  execmon_value_release(result);
  return taken;
}

static void python_functions(void) {
  execmon_error *error = NULL;
  execmon_interp *py;
  execmon_monitor *monitor;
  char *source = functions();
  double first, anew[ROUNDS], armed;
  size_t before, during, idle, after;
  int round;
  CHECK(execmon_interp_new(NULL, &py, &error));
  monitor = execmon_interp_monitor(py);
  CHECK(execmon_run_string(py, "rules", source, strlen(source), &error));
  CHECK(execmon_use_tool_id(monitor, TOOL, "abi", &error));
  CHECK(execmon_register_callback(monitor, TOOL, EXECMON_EVENT_LINE, on_event, &count, NULL, &error));
  pass(py);
  pass(py);
  before = mallinfo2().uordblks;
  CHECK(execmon_set_events(monitor, TOOL, EXECMON_EVENT_LINE, &error));
  first = pass(py);
  armed = pass(py);
  during = mallinfo2().uordblks;
  CHECK(execmon_set_events(monitor, TOOL, 0, &error));
  pass(py);
  idle = mallinfo2().uordblks;
  for (round = 0; round < ROUNDS; round++) {
    CHECK(execmon_set_events(monitor, TOOL, EXECMON_EVENT_LINE, &error));
    anew[round] = pass(py);
    anew[round] -= pass(py);
    CHECK(execmon_set_events(monitor, TOOL, 0, &error));
    pass(py);
  }
  CHECK(execmon_free_tool_id(monitor, TOOL, &error));
  pass(py);
  after = mallinfo2().uordblks;
  printf("arm_function_first %.0f ns\n", first - armed);
  printf("arm_function %.0f ns\n", median(anew, ROUNDS));
  printf("armed_memory %.0f bytes\n", ((double)during - (double)before) / FUNCTIONS);
  printf("memory_without_events %.0f bytes\n", ((double)idle - (double)before) / FUNCTIONS);
  printf("memory_without_tools %.0f bytes\n", ((double)after - (double)before) / FUNCTIONS);
  execmon_interp_free(py);
  free(source);
}

int main(void) {
  execmon_error *error = NULL;
  execmon_monitor *monitor;
  execmon_thread *thread;
  CHECK(execmon_monitor_new(&monitor, &error));
  CHECK(execmon_thread_new(monitor, &thread, &error));
  CHECK(execmon_use_tool_id(monitor, TOOL, "abi", &error));
  CHECK(execmon_register_callback(monitor, TOOL, EXECMON_EVENT_LINE, on_event, &count, NULL, &error));
  firing(monitor, thread);
  idle_code(monitor, thread);
  python_functions();
  execmon_thread_free(thread);
  execmon_monitor_free(monitor);
  return 0;
}
