/*
 * A host that runs a Python program and reports which of its lines and branches ran.
 *
 *     cover SCRIPT [ARGS...]
 *
 * A code hook tells which lines and branches there are, before any of them runs; LINE, BRANCH_LEFT and BRANCH_RIGHT tell
 * which ones run.  Each callback returns EXECMON_DISABLE, so that it is called once for each location and the program runs
 * at full speed from then on.  Only files of the script's own folder are reported.
 */
#include <execmon.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MISSING_LINE = 1, RUN_LINE = 2 }; /* what is known of a line; 0 for one without code */

typedef struct branch {
  int32_t line;
  uint32_t sides, seen; /* sets of EXECMON_EVENT_BRANCH_LEFT and EXECMON_EVENT_BRANCH_RIGHT */
} branch;

/* A code object with its branches, by their location. */
typedef struct unit {
  execmon_code *code; /* the handle identifies the code object for its whole life */
  branch *branches;
  uint32_t count;
} unit;

typedef struct file {
  char *name;
  char *lines; /* MISSING_LINE or RUN_LINE, by line */
  size_t size;
  unit *units;
  size_t unit_count;
} file;

typedef struct report {
  char *folder; /* the script's, with its final slash; NULL before the script's own code is known */
  file *files;
  size_t count;
} report;

static void *grown(void *array, size_t size) {
  void *larger = realloc(array, size ? size : 1);
  if (!larger) {
    fputs("cover: out of memory\n", stderr);
    exit(1);
  }
  return larger;
}

static char *cut(const char *text, size_t length) {
  char *copy = memcpy(grown(NULL, length + 1), text, length);
  copy[length] = 0;
  return copy;
}

/* The file of this name in the report; NULL for one outside of the script's folder. */
static file *file_of(report *to, const char *name) {
  size_t i;
  if (!to->folder || strncmp(name, to->folder, strlen(to->folder)) != 0)
    return NULL;
  for (i = 0; i < to->count; i++)
    if (strcmp(to->files[i].name, name) == 0)
      return &to->files[i];
  to->files = grown(to->files, (to->count + 1) * sizeof *to->files);
  file *new_file = &to->files[to->count++];
  memset(new_file, 0, sizeof *new_file);
  new_file->name = cut(name, strlen(name));
  return new_file;
}

static void mark(file *in, int32_t line, char state) {
  size_t at = (size_t)line;
  if (line < 0)
    return;
  if (at >= in->size) {
    in->lines = grown(in->lines, at + 1);
    memset(in->lines + in->size, 0, at + 1 - in->size);
    in->size = at + 1;
  }
  if (in->lines[at] < state)
    in->lines[at] = state;
}

/* The code hook: notes the lines and branches of new code. */
static void on_code(execmon_code *code, void *user) {
  const uint32_t both = EXECMON_EVENT_BRANCH_LEFT | EXECMON_EVENT_BRANCH_RIGHT;
  report *to = user;
  const char *name = execmon_code_filename(code), *slash = strrchr(name, '/');
  uint32_t i, locations = 0;
  if (!to->folder && slash) /* the script is the first to be compiled */
    to->folder = cut(name, (size_t)(slash + 1 - name));
  file *in = file_of(to, name);
  if (!in || execmon_code_location_count(code, &locations, NULL) != EXECMON_OK)
    return;
  in->units = grown(in->units, (in->unit_count + 1) * sizeof *in->units);
  unit *new_unit = &in->units[in->unit_count++];
  new_unit->code = code;
  new_unit->count = locations;
  new_unit->branches = grown(NULL, locations * sizeof *new_unit->branches);
  execmon_code_retain(code, NULL); /* so that its handle names no other code before the report */
  for (i = 0; i < locations; i++) {
    execmon_location location;
    branch *here = &new_unit->branches[i];
    memset(here, 0, sizeof *here);
    if (execmon_code_location(code, i, &location, NULL) != EXECMON_OK)
      continue;
    if (location.events & EXECMON_EVENT_LINE)
      mark(in, location.line, MISSING_LINE);
    here->line = location.line;
    here->sides = location.events & both;
  }
}

static execmon_action on_line(const execmon_event *event, void *user) {
  file *in = file_of(user, execmon_code_filename(event->code));
  if (in)
    mark(in, event->line, RUN_LINE);
  return EXECMON_DISABLE;
}

static execmon_action on_branch(const execmon_event *event, void *user) {
  file *in = file_of(user, execmon_code_filename(event->code));
  size_t i;
  for (i = 0; in && i < in->unit_count; i++)
    if (in->units[i].code == event->code && event->location < in->units[i].count)
      in->units[i].branches[event->location].seen |= event->event;
  return EXECMON_DISABLE;
}

/* Prints the source with a mark before each line: `>` has run, `!` has not, `~` has a branch of which one side did not. */
static void print_source(const file *of, const char *name) {
  char text[4096];
  size_t line = 0, i;
  uint32_t k;
  FILE *source = fopen(of->name, "r");
  printf("\n%s\n", name);
  if (!source)
    return;
  while (fgets(text, sizeof text, source)) {
    char state = ++line < of->size ? of->lines[line] : 0;
    char shown = state == RUN_LINE ? '>' : state == MISSING_LINE ? '!' : ' ';
    for (i = 0; shown == '>' && i < of->unit_count; i++)
      for (k = 0; k < of->units[i].count; k++) {
        const branch *here = &of->units[i].branches[k];
        if (here->line == (int32_t)line && here->seen && here->seen != here->sides)
          shown = '~';
      }
    printf("%c %4lu  %s", shown, (unsigned long)line, text);
    if (!strchr(text, '\n'))
      putchar('\n');
  }
  fclose(source);
}

static void print_row(const char *name, unsigned long lines, unsigned long run, unsigned long sides, unsigned long seen) {
  printf("%-16s %6lu %6lu %5.0f%% %9lu %6lu %5.0f%%\n", name, lines, run, lines ? 100.0 * (double)run / (double)lines : 100.0,
         sides, seen, sides ? 100.0 * (double)seen / (double)sides : 100.0);
}

static unsigned long bits(uint32_t set) {
  return ((set & EXECMON_EVENT_BRANCH_LEFT) != 0) + ((set & EXECMON_EVENT_BRANCH_RIGHT) != 0);
}

static void print_report(const report *of) {
  unsigned long all_lines = 0, all_run = 0, all_sides = 0, all_seen = 0;
  size_t f, i;
  uint32_t k;
  for (f = 0; f < of->count; f++)
    print_source(&of->files[f], of->files[f].name + strlen(of->folder));
  printf("\n%-16s %6s %6s %6s %9s %6s %6s\n", "file", "lines", "run", "", "branches", "taken", "");
  for (f = 0; f < of->count; f++) {
    const file *in = &of->files[f];
    unsigned long lines = 0, run = 0, sides = 0, seen = 0;
    for (i = 0; i < in->size; i++)
      lines += in->lines[i] != 0, run += in->lines[i] == RUN_LINE;
    for (i = 0; i < in->unit_count; i++)
      for (k = 0; k < in->units[i].count; k++)
        sides += bits(in->units[i].branches[k].sides), seen += bits(in->units[i].branches[k].seen);
    print_row(in->name + strlen(of->folder), lines, run, sides, seen);
    all_lines += lines, all_run += run, all_sides += sides, all_seen += seen;
  }
  print_row("TOTAL", all_lines, all_run, all_sides, all_seen);
}

static void free_report(report *of) {
  size_t f, i;
  for (f = 0; f < of->count; f++) {
    for (i = 0; i < of->files[f].unit_count; i++) {
      execmon_code_release(of->files[f].units[i].code);
      free(of->files[f].units[i].branches);
    }
    free(of->files[f].units);
    free(of->files[f].lines);
    free(of->files[f].name);
  }
  free(of->files);
  free(of->folder);
}

/* Prints what went wrong; returns the exit status for it, which is 0 for sys.exit(). */
static int complain(execmon_error *error) {
  const char *traceback = execmon_error_traceback(error);
  int status = (int)execmon_error_exit_status(error);
  if (traceback && *traceback)
    fputs(traceback, stderr);
  else if (execmon_error_status(error) != EXECMON_STATUS_EXIT)
    fprintf(stderr, "cover: %s: %s\n", execmon_error_type(error), execmon_error_message(error));
  execmon_error_free(error);
  return status;
}

static execmon_status watch(execmon_interp *py, report *to, execmon_error **error) {
  const int64_t events[] = {EXECMON_EVENT_LINE, EXECMON_EVENT_BRANCH_LEFT, EXECMON_EVENT_BRANCH_RIGHT};
  const execmon_callback callbacks[] = {on_line, on_branch, on_branch};
  execmon_monitor *monitor = execmon_interp_monitor(py);
  execmon_status status = execmon_set_code_hook(py, on_code, to, NULL, error);
  int64_t set = 0;
  size_t i;
  if (status == EXECMON_OK)
    status = execmon_use_tool_id(monitor, EXECMON_COVERAGE_ID, "cover", error);
  for (i = 0; status == EXECMON_OK && i < 3; i++, set |= events[i - 1])
    status = execmon_register_callback(monitor, EXECMON_COVERAGE_ID, events[i], callbacks[i], to, NULL, error);
  return status == EXECMON_OK ? execmon_set_events(monitor, EXECMON_COVERAGE_ID, set, error) : status;
}

int main(int argc, char **argv) {
  report seen = {NULL, NULL, 0};
  execmon_interp *py = NULL;
  execmon_error *error = NULL;
  int result = 0;
  if (argc < 2) {
    fputs("usage: cover SCRIPT [ARGS...]\n", stderr);
    return 2;
  }
  if (execmon_interp_new(NULL, &py, &error) != EXECMON_OK)
    return complain(error);
  if (watch(py, &seen, &error) != EXECMON_OK ||
      execmon_run_file(py, argv[1], (size_t)(argc - 2), (const char *const *)(argv + 2), &error) != EXECMON_OK)
    result = complain(error);
  print_report(&seen);
  free_report(&seen);
  execmon_interp_free(py);
  return result;
}
