/*
 * A debugger for the terminal: stops at the first line and at breakpoints, steps into and over calls, shows where the program
 * is, and evaluates expressions with the names of the frame.
 *
 *   debug SCRIPT [ARGS]
 *
 * s: step into   n: next line of this function   r: run until it returns   c: continue   b N: break at line N of this file
 * w: where   l: locals   p EXPR: evaluate   q: quit
 */
#include <execmon.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  execmon_interp *py;
  enum { STEP, NEXT, RETURN, CONTINUE } mode;
  size_t depth; /* of the frame that NEXT and RETURN are about */
  struct {
    char file[512];
    int line;
  } breaks[32];
  size_t break_count;
} debugger;

/* Prints a value by its repr, and releases it. */
static void show(execmon_value *value) {
  execmon_value *repr = NULL;
  const char *text = NULL;
  if (execmon_value_repr(value, &repr, NULL) == EXECMON_OK && execmon_value_text(repr, &text, NULL, NULL) == EXECMON_OK) {
    printf("%s\n", text);
  }
  execmon_value_release(repr);
  execmon_value_release(value);
}

static void where(debugger *d) {
  execmon_frame frame;
  frame.size = sizeof frame;
  for (size_t i = 0; execmon_frame_get(d->py, i, &frame, NULL) == EXECMON_OK; i++) {
    printf("#%zu %s at %s:%d\n", i, execmon_code_qualified_name(frame.code), execmon_code_filename(frame.code),
           (int)frame.line);
  }
}

/* Reads commands until one goes on.  False: quit. */
static int prompt(debugger *d, const execmon_event *event) {
  char line[512];
  execmon_value *value = NULL;
  execmon_error *error = NULL;
  printf("%s:%d in %s\n", execmon_code_filename(event->code), (int)event->line, execmon_code_name(event->code));
  for (;;) {
    printf("(debug) "), fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL) return 0;
    line[strcspn(line, "\n")] = 0;
    switch (line[0]) {
      case 's': return d->mode = STEP, 1;
      case 'n': return d->mode = NEXT, 1;
      case 'r': return d->mode = RETURN, 1;
      case 'c': return d->mode = CONTINUE, 1;
      case 'q': return 0;
      case 'w': where(d); break;
      case 'l':
        if (execmon_frame_locals(d->py, 0, &value, NULL) == EXECMON_OK) show(value);
        break;
      case 'b':
        if (d->break_count < sizeof d->breaks / sizeof *d->breaks) {
          snprintf(d->breaks[d->break_count].file, sizeof d->breaks[0].file, "%s", execmon_code_filename(event->code));
          d->breaks[d->break_count++].line = atoi(line + 1);
        }
        break;
      case 'p':
        if (execmon_frame_eval(d->py, 0, line + 1 + strspn(line + 1, " "), EXECMON_NUL_TERMINATED, &value, &error) ==
            EXECMON_OK) {
          show(value);
        } else {
          printf("%s: %s\n", execmon_error_type(error), execmon_error_message(error));
          execmon_error_free(error);
        }
        break;
      default: printf("s n r c b w l p q\n");
    }
  }
}

static execmon_action on_line(const execmon_event *event, void *user) {
  debugger *d = (debugger *)user;
  size_t depth = 0;
  execmon_frame_count(d->py, &depth, NULL);
  int stop = d->mode == STEP || (d->mode == NEXT && depth <= d->depth) || (d->mode == RETURN && depth < d->depth);
  for (size_t i = 0; !stop && i < d->break_count; i++) {
    stop = d->breaks[i].line == event->line && strcmp(d->breaks[i].file, execmon_code_filename(event->code)) == 0;
  }
  if (!stop) return EXECMON_CONTINUE;
  d->depth = depth;
  if (!prompt(d, event)) execmon_terminate(d->py, NULL);
  return EXECMON_CONTINUE;
}

int main(int argc, char **argv) {
  debugger d;
  execmon_error *error = NULL;
  int exit_status = 0;
  memset(&d, 0, sizeof d);
  if (argc < 2) return fprintf(stderr, "usage: debug SCRIPT [ARGS]\n"), 2;
  if (execmon_interp_new(NULL, &d.py, &error) != EXECMON_OK) return 2;
  execmon_monitor *monitor = execmon_interp_monitor(d.py);
  execmon_use_tool_id(monitor, EXECMON_DEBUGGER_ID, "debug", NULL);
  execmon_register_callback(monitor, EXECMON_DEBUGGER_ID, EXECMON_EVENT_LINE, on_line, &d, NULL, NULL);
  execmon_set_events(monitor, EXECMON_DEBUGGER_ID, EXECMON_EVENT_LINE, NULL);
  execmon_status status = execmon_run_file(d.py, argv[1], (size_t)argc - 2, (const char *const *)argv + 2, &error);
  if (status != EXECMON_OK) {
    if (status != EXECMON_STATUS_TERMINATED && execmon_error_traceback(error)) fputs(execmon_error_traceback(error), stderr);
    exit_status = execmon_error_exit_status(error);
    execmon_error_free(error);
  }
  execmon_interp_free(d.py);
  return exit_status;
}
