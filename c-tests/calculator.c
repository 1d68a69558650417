/*
 * A small interpreter that is not Python: a stack calculator with jumps, calls and an error path.  It registers its code
 * and fires events through the inline header; two tools watch it, locally and globally, disable and restart.
 */
#include "check.h"

typedef enum { PUSH, LOAD, STORE, ADD, SUB, DIV, JUMP, JUMP_IF_ZERO, CALL, NATIVE, TRY, RETURN } opcode;

typedef struct {
  opcode op;
  int operand;
  int line;
} instruction;

typedef struct function {
  const char *name;
  const instruction *code;
  int length;
  execmon_code *registered;
  execmon_view view;
} function;

typedef struct {
  execmon_thread *thread;
  function *functions;
  long stack[64];
  int depth;
  long variables[8];
  const char *exception;
} machine;

static execmon_monitor *monitor;

/* Tells the monitor about a function: one location for each instruction, and one before the first for the entry. */
static void load(function *f) {
  execmon_location locations[64];
  execmon_code_spec spec;
  CHECK(f->length < 64);
  for (int i = 0; i <= f->length; i++) {
    execmon_location *at = &locations[i];
    const instruction *is = &f->code[i ? i - 1 : 0];
    at->offset = (uint32_t)i, at->line = is->line;
    at->left = at->right = at->jump = EXECMON_NO_LOCATION;
    if (i == 0) {
      at->events = EXECMON_EVENT_PY_START;
      continue;
    }
    at->events = EXECMON_EVENT_INSTRUCTION;
    if (i == 1 || is->line != is[-1].line) at->events |= EXECMON_EVENT_LINE;
    if (is->op == JUMP) at->events |= EXECMON_EVENT_JUMP, at->jump = (uint32_t)is->operand + 1;
    if (is->op == JUMP_IF_ZERO) {
      at->events |= EXECMON_EVENT_BRANCH;
      at->left = (uint32_t)i + 1, at->right = (uint32_t)is->operand + 1;
    }
    if (is->op == CALL || is->op == NATIVE) at->events |= EXECMON_EVENT_CALL;
    if (is->op == RETURN) at->events |= EXECMON_EVENT_PY_RETURN;
  }
  memset(&spec, 0, sizeof spec);
  spec.size = sizeof spec;
  spec.name = f->name;
  spec.file = "sums.calc";
  spec.first_line = f->code[0].line;
  spec.locations = locations;
  spec.location_count = (size_t)f->length + 1;
  spec.host = f;
  OK(execmon_register_code(monitor, &spec, &f->registered, &err));
  OK(execmon_code_view(f->registered, &f->view, &err));
}

/* What a native function of the calculator does: halves an even number. */
static int native_half(long *number) {
  if (*number % 2) return 0;
  *number /= 2;
  return 1;
}

/* Runs a function; false if an exception leaves it.  A failed callback is an exception, as the header asks. */
static int run(machine *m, function *f) {
  const execmon_view here = f->view, *view = &here; /* in registers, if it is as the header says */
  int pc = 0, line = -1, handler = -1, ok = 1;
  uint32_t at = 0;
#define FIRE(call)                       \
  do {                                   \
    if ((call) != EXECMON_OK) {          \
      m->exception = "callback";         \
      goto raise;                        \
    }                                    \
  } while (0)
  OK(execmon_fire_enter(view, m->thread, &err));
  FIRE(execmon_fire_start(view, m->thread, 0, NULL));
  for (;;) {
    const instruction *is;
    long top;
    if (pc >= f->length) abort();
    is = &f->code[pc];
    at = (uint32_t)pc + 1;
    FIRE(execmon_fire_begin(view, m->thread, at, is->line != line, NULL));
    line = is->line;
    pc++;
    switch (is->op) {
      case PUSH: m->stack[m->depth++] = is->operand; break;
      case LOAD: m->stack[m->depth++] = m->variables[is->operand]; break;
      case STORE: m->variables[is->operand] = m->stack[--m->depth]; break;
      case ADD: top = m->stack[--m->depth], m->stack[m->depth - 1] += top; break;
      case SUB: top = m->stack[--m->depth], m->stack[m->depth - 1] -= top; break;
      case DIV:
        top = m->stack[--m->depth];
        if (top == 0) {
          m->exception = "division by zero";
          goto raise_here;
        }
        m->stack[m->depth - 1] /= top;
        break;
      case TRY: handler = is->operand; break;
      case JUMP:
        FIRE(execmon_fire_jump(view, m->thread, at, NULL));
        if (is->operand < pc) line = -1; /* a line is new when it is jumped back to */
        pc = is->operand;
        break;
      case JUMP_IF_ZERO:
        if (m->stack[--m->depth] == 0) {
          FIRE(execmon_fire_branch_right(view, m->thread, at, NULL));
          pc = is->operand;
        } else {
          FIRE(execmon_fire_branch_left(view, m->thread, at, NULL));
        }
        break;
      case CALL: {
        uint8_t follow;
        function *callee = &m->functions[is->operand];
        FIRE(execmon_fire_call(view, m->thread, at, callee, NULL, &follow, NULL));
        if (!run(m, callee)) goto raise_here;
        break;
      }
      case NATIVE: {
        uint8_t follow;
        long *arg = &m->stack[m->depth - 1];
        FIRE(execmon_fire_call(view, m->thread, at, "half", arg, &follow, NULL));
        if (!native_half(arg)) {
          m->exception = "odd number";
          FIRE(execmon_fire_c_raise(view, m->thread, at, "half", arg, m->exception, follow, NULL));
          goto raise_here;
        }
        FIRE(execmon_fire_c_return(view, m->thread, at, "half", arg, arg, follow, NULL));
        break;
      }
      case RETURN:
        FIRE(execmon_fire_return(view, m->thread, at, &m->stack[m->depth - 1], NULL));
        goto leave;
    }
    continue;
  raise_here:
    FIRE(execmon_fire_raise(view, m->thread, at, m->exception, NULL));
  raise:
    if (handler < 0) {
      /* Its own failure replaces the exception, which leaves all the same. */
      if (execmon_fire_unwind(view, m->thread, at, m->exception, NULL) != EXECMON_OK) m->exception = "callback";
      ok = 0;
      goto leave;
    }
    if (execmon_fire_exception_handled(view, m->thread, at, m->exception, NULL) != EXECMON_OK) m->exception = "callback";
    pc = handler, handler = -1, line = -1;
    m->exception = NULL;
  }
leave:
  OK(execmon_fire_exit(m->thread, &err));
#undef FIRE
  return ok;
}

/*
 * 1 fn sum: total = 0
 * 2   while n != 0:
 * 3     total = total + n; n = n - 1
 * 4   return total
 */
static const instruction sum_code[] = {
    {PUSH, 0, 1}, {STORE, 1, 1},  {LOAD, 0, 2},  {JUMP_IF_ZERO, 13, 2}, {LOAD, 1, 3}, {LOAD, 0, 3},   {ADD, 0, 3},
    {STORE, 1, 3}, {LOAD, 0, 3}, {PUSH, 1, 3},   {SUB, 0, 3},           {STORE, 0, 3}, {JUMP, 2, 3}, {LOAD, 1, 4},
    {RETURN, 0, 4},
};

/*
 * 11 fn main: n = 3
 * 12   x = half(sum())
 * 13   try: x / 0
 * 14   catch: return x
 */
static const instruction main_code[] = {
    {PUSH, 3, 11},  {STORE, 0, 11}, {CALL, 0, 12}, {NATIVE, 0, 12}, {STORE, 2, 12}, {TRY, 9, 13},
    {LOAD, 2, 13}, {PUSH, 0, 13},  {DIV, 0, 13}, {LOAD, 2, 14},   {RETURN, 0, 14},
};

static function functions[2];
static machine vm;

static void boot(void) {
  OK(execmon_monitor_new(&monitor, &err));
  memset(&vm, 0, sizeof vm);
  memset(functions, 0, sizeof functions);
  functions[0].name = "sum", functions[0].code = sum_code, functions[0].length = COUNT_OF(sum_code);
  functions[1].name = "main", functions[1].code = main_code, functions[1].length = COUNT_OF(main_code);
  load(&functions[0]);
  load(&functions[1]);
  OK(execmon_thread_new(monitor, &vm.thread, &err));
  vm.functions = functions;
}

static void halt(void) {
  GIVES(EXECMON_OK, execmon_thread_free(vm.thread));
  GIVES(EXECMON_OK, execmon_code_release(functions[0].registered));
  GIVES(EXECMON_OK, execmon_code_release(functions[1].registered));
  GIVES(EXECMON_OK, execmon_monitor_free(monitor));
}

static long run_main(void) {
  vm.depth = 0, vm.exception = NULL;
  if (!run(&vm, &functions[1])) return -1;
  return vm.stack[vm.depth - 1];
}

/* A tool that writes down what it sees, as `name:line` or with a destination or a value. */
static char journal[4096];

static execmon_action note(const execmon_event *event, void *user) {
  size_t used = strlen(journal);
  char more[64] = "";
  if (event->destination_offset != EXECMON_NO_OFFSET) snprintf(more, sizeof more, ">%ld", (long)event->destination_line);
  if (event->event == EXECMON_EVENT_PY_RETURN) snprintf(more, sizeof more, "=%ld", *(const long *)event->value);
  if (event->event == EXECMON_EVENT_RAISE) snprintf(more, sizeof more, "=%s", (const char *)event->value);
  if (event->event == EXECMON_EVENT_C_RETURN) snprintf(more, sizeof more, "=%s", (const char *)event->callable);
  snprintf(journal + used, sizeof journal - used, "%s%s:%s:%ld%s", used ? " " : "", execmon_event_name(event->event),
           execmon_code_name(event->code), (long)event->line, more);
  return user ? *(execmon_action *)user : EXECMON_CONTINUE;
}

static void use(int32_t tool, int64_t events, execmon_callback callback, void *user) {
  OK(execmon_use_tool_id(monitor, tool, "journal", &err));
  OK(execmon_set_events(monitor, tool, events, &err));
  for (int bit = 0; bit <= 18; bit++) {
    OK(execmon_register_callback(monitor, tool, (int64_t)1 << bit, callback, user, NULL, &err));
  }
  journal[0] = 0;
}

static void nothing_is_seen_without_tools(void) {
  boot();
  CHECK_INT(run_main(), 3);
  halt();
}

static void the_whole_run_is_told(void) {
  boot();
  use(0, EXECMON_EVENT_PY_START | EXECMON_EVENT_LINE | EXECMON_EVENT_CALL | EXECMON_EVENT_C_RETURN |
             EXECMON_EVENT_C_RAISE | EXECMON_EVENT_PY_RETURN | EXECMON_EVENT_RAISE | EXECMON_EVENT_EXCEPTION_HANDLED,
      note, NULL);
  CHECK_INT(run_main(), 3);
  CHECK_TEXT(journal,
             "PY_START:main:11 LINE:main:11 LINE:main:12 CALL:main:12 "
             "PY_START:sum:1 LINE:sum:1 LINE:sum:2 LINE:sum:3 LINE:sum:2 LINE:sum:3 LINE:sum:2 LINE:sum:3 LINE:sum:2 "
             "LINE:sum:4 PY_RETURN:sum:4=6 "
             "CALL:main:12 C_RETURN:main:12=half LINE:main:13 RAISE:main:13=division by zero "
             "EXCEPTION_HANDLED:main:13 LINE:main:14 PY_RETURN:main:14=3");
  halt();
}

static void local_events_are_seen_in_one_function(void) {
  boot();
  use(1, 0, note, NULL);
  OK(execmon_set_local_events(monitor, 1, functions[0].registered, EXECMON_EVENT_BRANCH | EXECMON_EVENT_JUMP, &err));
  CHECK_INT(run_main(), 3);
  CHECK_TEXT(journal,
             "BRANCH_LEFT:sum:2>3 JUMP:sum:3>2 BRANCH_LEFT:sum:2>3 JUMP:sum:3>2 BRANCH_LEFT:sum:2>3 JUMP:sum:3>2 "
             "BRANCH_RIGHT:sum:2>4");
  halt();
}

static execmon_action tally(const execmon_event *event, void *user) {
  (void)event;
  ++*(int *)user;
  return EXECMON_CONTINUE;
}

static void two_tools_disable_and_restart(void) {
  execmon_action once = EXECMON_DISABLE;
  int lines = 0;
  boot();
  use(0, EXECMON_EVENT_LINE, tally, &lines);
  use(1, EXECMON_EVENT_LINE, note, &once);
  for (int round = 0; round < 3; round++) CHECK_INT(run_main(), 3);
  CHECK_TEXT(journal,
             "LINE:main:11 LINE:main:12 LINE:sum:1 LINE:sum:2 LINE:sum:3 LINE:sum:4 LINE:main:13 LINE:main:14");
  CHECK_INT(lines, 3 * 13);
  journal[0] = 0;
  OK(execmon_free_tool_id(monitor, 0, &err));
  CHECK_INT(run_main(), 3);
  CHECK_TEXT(journal, "");
  for (uint32_t i = 0; i < functions[0].view.location_count; i++) {
    CHECK_INT(execmon_fire_armed(&functions[0].view, i), 0);
  }
  OK(execmon_restart_events(monitor, &err));
  CHECK_INT(run_main(), 3);
  CHECK(strlen(journal) > 0);
  CHECK_INT(lines, 3 * 13);
  halt();
}


static execmon_action refuse(const execmon_event *event, void *user) {
  (void)event, (void)user;
  return EXECMON_ERROR;
}

static void a_failed_callback_is_an_exception(void) {
  boot();
  use(0, EXECMON_EVENT_PY_UNWIND, note, NULL);
  OK(execmon_use_tool_id(monitor, 2, "strict", &err));
  OK(execmon_set_local_events(monitor, 2, functions[0].registered, EXECMON_EVENT_PY_START, &err));
  OK(execmon_register_callback(monitor, 2, EXECMON_EVENT_PY_START, refuse, NULL, NULL, &err));
  CHECK_INT(run_main(), -1);
  CHECK_TEXT(vm.exception, "callback");
  CHECK_TEXT(journal, "PY_UNWIND:sum:1 PY_UNWIND:main:12");
  halt();
}

static execmon_action stop_watching(const execmon_event *event, void *user) {
  (void)user;
  note(event, NULL);
  if (event->line == 3) OK(execmon_free_tool_id(event->monitor, event->tool, &err));
  return EXECMON_DISABLE;
}

static void a_tool_ends_itself_in_mid_run(void) {
  boot();
  use(0, EXECMON_EVENT_LINE, stop_watching, NULL);
  CHECK_INT(run_main(), 3);
  CHECK_TEXT(journal, "LINE:main:11 LINE:main:12 LINE:sum:1 LINE:sum:2 LINE:sum:3");
  CHECK_INT(run_main(), 3);
  halt();
}

int main(void) {
  RUN(nothing_is_seen_without_tools);
  RUN(the_whole_run_is_told);
  RUN(local_events_are_seen_in_one_function);
  RUN(two_tools_disable_and_restart);
  RUN(a_failed_callback_is_an_exception);
  RUN(a_tool_ends_itself_in_mid_run);
  return finish();
}
