/*
 * A regular expression machine as a host of its own: it registers each compiled pattern as a code object and fires events, so
 * that any tool can watch it.  The tool here counts how often each instruction ran and which way each choice went, and
 * stops a pattern that backtracks without end by an error from its callback.
 *
 *   regex PATTERN TEXT       patterns have . * + ? | ( ) and letters
 */
#include <execmon.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { CHAR, ANY, SPLIT, JUMP, MATCH } op;

typedef struct {
  op op;
  char c;          /* CHAR */
  uint32_t to[2];  /* SPLIT: first choice, second choice; JUMP: where to */
  uint32_t column; /* in the pattern */
} instruction;

enum { MAX_CODE = 256 };

/* ---- compiling: a pattern becomes a table of instructions */

typedef struct {
  const char *pattern, *at;
  instruction code[MAX_CODE];
  uint32_t length;
} program;

static void compile_choice(program *p);

static uint32_t emit(program *p, op op) {
  if (p->length == MAX_CODE) fprintf(stderr, "the pattern is too long\n"), exit(2);
  memset(&p->code[p->length], 0, sizeof(instruction));
  p->code[p->length].op = op;
  p->code[p->length].column = (uint32_t)(p->at - p->pattern);
  return p->length++;
}

/* Makes room for one instruction in front of those from `start` on. */
static void insert(program *p, uint32_t start, op op) {
  emit(p, op);
  instruction moved = p->code[p->length - 1];
  memmove(&p->code[start + 1], &p->code[start], (p->length - 1 - start) * sizeof(instruction));
  p->code[start] = moved;
  for (uint32_t i = start + 1; i < p->length; i++) {
    for (int side = 0; side < 2; side++) p->code[i].to[side] += p->code[i].to[side] >= start;
  }
}

static void compile_item(program *p) {
  uint32_t start = p->length;
  if (*p->at == '(') {
    p->at++;
    compile_choice(p);
    if (*p->at == ')') p->at++;
  } else {
    p->code[emit(p, *p->at == '.' ? ANY : CHAR)].c = *p->at;
    p->at++;
  }
  if (*p->at == '*' || *p->at == '?') {
    insert(p, start, SPLIT);
    if (*p->at == '*') p->code[emit(p, JUMP)].to[0] = start;
    p->code[start].to[0] = start + 1, p->code[start].to[1] = p->length;
    p->at++;
  } else if (*p->at == '+') {
    uint32_t split = emit(p, SPLIT);
    p->code[split].to[0] = start, p->code[split].to[1] = split + 1;
    p->at++;
  }
}

static void compile_choice(program *p) {
  uint32_t start = p->length;
  while (*p->at && *p->at != '|' && *p->at != ')') compile_item(p);
  if (*p->at != '|') return;
  insert(p, start, SPLIT);
  uint32_t jump = emit(p, JUMP);
  p->code[start].to[0] = start + 1, p->code[start].to[1] = p->length;
  p->at++;
  compile_choice(p);
  p->code[jump].to[0] = p->length;
}

/* ---- running: as the machine does it, with the fire points */

typedef struct {
  const program *program;
  execmon_code *code;
  execmon_view view;
  execmon_thread *thread;
  execmon_error *error; /* of the callback that stopped it */
} machine;

#define FIRE(point)                         \
  do {                                      \
    if ((point) != EXECMON_OK) return -1;   \
  } while (0)

/* 1: matched, 0: not, -1: a callback raised. */
static int step(machine *m, uint32_t pc, const char *text) {
  const execmon_view view = m->view; /* in registers, so that a fire point where nothing is armed is one load and one test */
  for (;;) {
    const instruction *i = &m->program->code[pc];
    FIRE(execmon_fire_begin(&view, m->thread, pc, 1, &m->error));
    switch (i->op) {
      case MATCH: return 1;
      case JUMP:
        FIRE(execmon_fire_jump(&view, m->thread, pc, &m->error));
        pc = i->to[0];
        break;
      case SPLIT: {
        FIRE(execmon_fire_branch_left(&view, m->thread, pc, &m->error));
        int found = step(m, i->to[0], text);
        if (found != 0) return found;
        FIRE(execmon_fire_branch_right(&view, m->thread, pc, &m->error));
        pc = i->to[1];
        break;
      }
      default:
        if (*text == 0 || (i->op == CHAR && *text != i->c)) return 0;
        text++, pc++;
    }
  }
}

/* ---- the tool: knows events, and nothing of patterns */

typedef struct {
  unsigned ran[MAX_CODE], left[MAX_CODE], right[MAX_CODE], total;
} counts;

static execmon_action count(const execmon_event *event, void *user) {
  counts *c = (counts *)user;
  switch (event->event) {
    case EXECMON_EVENT_BRANCH_LEFT: c->left[event->location]++; break;
    case EXECMON_EVENT_BRANCH_RIGHT: c->right[event->location]++; break;
    default: c->ran[event->location]++;
  }
  return ++c->total > 10000 ? EXECMON_ERROR : EXECMON_CONTINUE;
}

int main(int argc, char **argv) {
  static const char *const names[] = {"char", "any", "split", "jump", "match"};
  static program p;
  static counts c;
  static execmon_location locations[MAX_CODE];
  machine m;
  execmon_code_spec spec;
  execmon_monitor *monitor;
  int found = 0;
  if (argc != 3) return fprintf(stderr, "usage: regex PATTERN TEXT\n"), 2;
  p.pattern = p.at = argv[1];
  compile_choice(&p);
  emit(&p, MATCH);

  for (uint32_t i = 0; i < p.length; i++) {
    const instruction *at = &p.code[i];
    uint32_t none = EXECMON_NO_LOCATION;
    execmon_location location = {i, 1, EXECMON_EVENT_INSTRUCTION, none, none, none};
    if (at->op == SPLIT) location.events |= EXECMON_EVENT_BRANCH, location.left = at->to[0], location.right = at->to[1];
    if (at->op == JUMP) location.events |= EXECMON_EVENT_JUMP, location.jump = at->to[0];
    locations[i] = location;
  }
  memset(&spec, 0, sizeof spec);
  spec.size = sizeof spec, spec.name = argv[1], spec.file = "<pattern>", spec.first_line = 1;
  spec.location_count = p.length, spec.locations = locations;
  memset(&m, 0, sizeof m);
  m.program = &p;
  if (execmon_monitor_new(&monitor, &m.error) || execmon_thread_new(monitor, &m.thread, &m.error) ||
      execmon_register_code(monitor, &spec, &m.code, &m.error) || execmon_code_view(m.code, &m.view, &m.error)) {
    return fprintf(stderr, "%s\n", execmon_error_message(m.error)), 2;
  }
  execmon_use_tool_id(monitor, EXECMON_PROFILER_ID, "count", NULL);
  execmon_register_callback(monitor, EXECMON_PROFILER_ID, EXECMON_EVENT_INSTRUCTION, count, &c, NULL, NULL);
  execmon_register_callback(monitor, EXECMON_PROFILER_ID, EXECMON_EVENT_BRANCH, count, &c, NULL, NULL);
  execmon_set_events(monitor, EXECMON_PROFILER_ID, EXECMON_EVENT_INSTRUCTION | EXECMON_EVENT_BRANCH, NULL);

  execmon_fire_enter(&m.view, m.thread, NULL);
  for (const char *text = argv[2]; found == 0; text++) {
    found = step(&m, 0, text);
    if (*text == 0) break;
  }
  execmon_fire_exit(m.thread, NULL);

  if (found < 0) printf("stopped: %s\n", execmon_error_message(m.error));
  else printf("%s\n", found ? "matches" : "does not match");
  for (uint32_t i = 0; i < p.length; i++) {
    printf("%3u %-5s %c column %-3u ran %-7u", i, names[p.code[i].op], p.code[i].c ? p.code[i].c : ' ', p.code[i].column,
           c.ran[i]);
    if (p.code[i].op == SPLIT) printf(" first %u, second %u", c.left[i], c.right[i]);
    printf("\n");
  }
  execmon_error_free(m.error);
  execmon_thread_free(m.thread);
  execmon_code_release(m.code);
  execmon_monitor_free(monitor);
  return found == 1 ? 0 : 1;
}
