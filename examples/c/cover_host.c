/*
 * A host that runs a Python program and prints which lines of its modules ran and which did not.
 *
 *   cover_host [--annotate] SCRIPT [ARGS]
 *
 * The code hook tells it of every code object before it runs, and so which lines there are; a LINE callback marks a line
 * the first time it runs and disables it, so that the program goes on at full speed.  The program's own output is passed
 * on; the report follows it.
 */
#define _POSIX_C_SOURCE 200809L

#include <execmon.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef enum { NO_CODE, MISSED, EXECUTED } mark;

typedef struct {
  char *name;
  unsigned char *marks; /* by line */
  size_t capacity;
} module_file;

typedef struct {
  module_file *files;
  size_t count;
  char *folder; /* of the script, with its slash: modules from elsewhere are left out */
} coverage;

static void *must(void *memory) {
  if (!memory) {
    fputs("cover_host: out of memory\n", stderr);
    exit(2);
  }
  return memory;
}

/* The file of that name, made if it is new; NULL if it is not the program's own. */
static module_file *find_file(coverage *all, const char *name) {
  for (size_t i = 0; i < all->count; i++) {
    if (strcmp(all->files[i].name, name) == 0) return &all->files[i];
  }
  if (strncmp(name, all->folder, strlen(all->folder)) != 0) return NULL;
  all->files = (module_file *)must(realloc(all->files, (all->count + 1) * sizeof *all->files));
  module_file *file = &all->files[all->count++];
  memset(file, 0, sizeof *file);
  file->name = (char *)must(malloc(strlen(name) + 1));
  strcpy(file->name, name);
  return file;
}

static void mark_line(module_file *file, int32_t line, mark as) {
  if (line < 0) return;
  if ((size_t)line >= file->capacity) {
    size_t capacity = (size_t)line * 2 + 64;
    file->marks = (unsigned char *)must(realloc(file->marks, capacity));
    memset(file->marks + file->capacity, NO_CODE, capacity - file->capacity);
    file->capacity = capacity;
  }
  if (as > file->marks[line]) file->marks[line] = (unsigned char)as;
}

/* A code object is about to run for the first time: its lines can be executed. */
static void on_code(execmon_code *code, void *user) {
  const char *name = execmon_code_filename(code);
  module_file *file = name ? find_file((coverage *)user, name) : NULL;
  size_t count = 0;
  if (!file || execmon_code_lines(code, NULL, 0, &count, NULL) != EXECMON_OK || count == 0) return;
  int32_t *lines = (int32_t *)must(malloc(count * sizeof *lines));
  execmon_code_lines(code, lines, count, &count, NULL);
  for (size_t i = 0; i < count; i++) mark_line(file, lines[i], MISSED);
  free(lines);
}

static execmon_action on_line(const execmon_event *event, void *user) {
  const char *name = execmon_code_filename(event->code);
  module_file *file = name ? find_file((coverage *)user, name) : NULL;
  if (file) mark_line(file, event->line, EXECUTED);
  return EXECMON_DISABLE;
}

static int by_name(const void *left, const void *right) {
  return strcmp(((const module_file *)left)->name, ((const module_file *)right)->name);
}

/* Prints the missed lines as `3-5, 8`; lines without code do not part a range. */
static void print_missed(const module_file *file) {
  int first = 1;
  for (size_t line = 0; line < file->capacity; line++) {
    if (file->marks[line] != MISSED) continue;
    size_t last = line;
    for (size_t next = line + 1; next < file->capacity && file->marks[next] != EXECUTED; next++) {
      if (file->marks[next] == MISSED) last = next;
    }
    printf(first ? "  %zu" : ", %zu", line);
    if (last > line) printf("-%zu", last);
    first = 0;
    line = last;
  }
}

static void annotate(const module_file *file) {
  FILE *source = fopen(file->name, "rb");
  size_t line = 1;
  int start = 1;
  if (!source) return;
  printf("\n%s\n", file->name);
  for (int c = getc(source); c != EOF; c = getc(source)) {
    if (start) {
      mark as = line < file->capacity ? (mark)file->marks[line] : NO_CODE;
      printf("%5zu %c ", line, as == EXECUTED ? '>' : as == MISSED ? '!' : ' ');
    }
    putchar(c);
    start = c == '\n';
    line += (size_t)start;
  }
  if (!start) putchar('\n');
  fclose(source);
}

static void report(coverage *all, int annotated) {
  size_t lines_of_all = 0, executed_of_all = 0, skip = strlen(all->folder);
  int width = 6;
  qsort(all->files, all->count, sizeof *all->files, by_name);
  for (size_t i = 0; i < all->count; i++) {
    int length = (int)(strlen(all->files[i].name) - skip);
    if (length > width) width = length;
  }
  printf("\n%-*s  lines  missed  cover  missed lines\n", width, "module");
  for (size_t i = 0; i < all->count; i++) {
    const module_file *file = &all->files[i];
    size_t lines = 0, executed = 0;
    for (size_t line = 0; line < file->capacity; line++) {
      lines += file->marks[line] != NO_CODE;
      executed += file->marks[line] == EXECUTED;
    }
    printf("%-*s  %5zu  %6zu  %4zu%%", width, file->name + skip, lines, lines - executed,
           lines ? executed * 100 / lines : 100);
    print_missed(file);
    putchar('\n');
    lines_of_all += lines, executed_of_all += executed;
  }
  printf("%-*s  %5zu  %6zu  %4zu%%\n", width, "total", lines_of_all, lines_of_all - executed_of_all,
         lines_of_all ? executed_of_all * 100 / lines_of_all : 100);
  for (size_t i = 0; annotated && i < all->count; i++) annotate(&all->files[i]);
}

static int fail(const char *what, execmon_error *error) {
  fprintf(stderr, "cover_host: %s: %s\n", what, error ? execmon_error_message(error) : "no reason given");
  execmon_error_free(error);
  return 2;
}

/* The absolute folder of a script, as its code objects name their files: not normalized. */
static char *folder_of(const char *script) {
  const char *slash = strrchr(script, '/');
  size_t length = slash ? (size_t)(slash - script) + 1 : 0, before = 0;
  char *folder = NULL;
  if (script[0] != '/') {
    for (size_t size = 256;; size *= 2) {
      folder = (char *)must(realloc(folder, size + length + 2));
      if (getcwd(folder, size)) break;
      if (errno != ERANGE) return strcpy(folder, "");
    }
    before = strlen(folder);
    folder[before++] = '/';
  } else {
    folder = (char *)must(malloc(length + 1));
  }
  memcpy(folder + before, script, length);
  folder[before + length] = 0;
  return folder;
}

int main(int argc, char **argv) {
  int annotated = argc > 1 && strcmp(argv[1], "--annotate") == 0, status = 0;
  coverage all = {NULL, 0, NULL};
  execmon_interp *py = NULL;
  execmon_error *error = NULL;
  const char *script = argv[1 + annotated];
  if (argc < 2 + annotated) {
    fputs("usage: cover_host [--annotate] SCRIPT [ARGS]\n", stderr);
    return 2;
  }
  if (execmon_interp_new(NULL, &py, &error) != EXECMON_OK) return fail("no interpreter", error);
  all.folder = folder_of(script);

  execmon_monitor *monitor = execmon_interp_monitor(py);
  if (execmon_set_code_hook(py, on_code, &all, NULL, &error) != EXECMON_OK ||
      execmon_use_tool_id(monitor, EXECMON_COVERAGE_ID, "cover_host", &error) != EXECMON_OK ||
      execmon_register_callback(monitor, EXECMON_COVERAGE_ID, EXECMON_EVENT_LINE, on_line, &all, NULL, &error) !=
          EXECMON_OK ||
      execmon_set_events(monitor, EXECMON_COVERAGE_ID, EXECMON_EVENT_LINE, &error) != EXECMON_OK) {
    return fail("no monitoring", error);
  }
  if (execmon_run_file(py, script, (size_t)(argc - 2 - annotated), (const char *const *)argv + 2 + annotated, &error) !=
      EXECMON_OK) {
    const char *traceback = execmon_error_traceback(error);
    fputs(traceback ? traceback : execmon_error_message(error), stderr);
    status = execmon_error_exit_status(error);
    execmon_error_free(error);
  }
  execmon_free_tool_id(monitor, EXECMON_COVERAGE_ID, NULL);
  report(&all, annotated);
  execmon_interp_free(py);
  for (size_t i = 0; i < all.count; i++) free(all.files[i].name), free(all.files[i].marks);
  free(all.files);
  free(all.folder);
  return status;
}
