/*
 * A pool of threads, each with an interpreter of its own, that work on one queue of scripts; the main thread reports how far
 * they are, and interrupts them all when the time is up.
 *
 *   pool SECONDS SCRIPT...
 */
#define _DEFAULT_SOURCE
#include <execmon.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORKERS = 3 };

typedef struct {
  pthread_t thread;
  execmon_interp *py;
  unsigned long long lines; /* counted by its own thread, read by the main one */
} worker;

static char **queue;
static size_t queue_length, next, running;
static int stopping;
static worker workers[WORKERS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static execmon_action on_line(const execmon_event *event, void *user) {
  worker *w = (worker *)user;
  (void)event;
  __atomic_fetch_add(&w->lines, 1, __ATOMIC_RELAXED);
  return EXECMON_CONTINUE;
}

static int prefixed(int stream, const char *bytes, size_t length, void *user) {
  worker *w = (worker *)user;
  pthread_mutex_lock(&lock);
  if (length > 1) fprintf(stream == EXECMON_STDERR ? stderr : stdout, "[%d] %.*s\n", (int)(w - workers), (int)length, bytes);
  pthread_mutex_unlock(&lock);
  return 0;
}

static void *work(void *user) {
  worker *w = (worker *)user;
  execmon_config config;
  memset(&config, 0, sizeof config);
  config.size = sizeof config, config.write = prefixed, config.user = w;
  execmon_interp *py;
  if (execmon_interp_new(&config, &py, NULL) != EXECMON_OK) return NULL; /* this thread is its thread */
  execmon_monitor *monitor = execmon_interp_monitor(py);
  execmon_use_tool_id(monitor, 3, "pool", NULL);
  execmon_register_callback(monitor, 3, EXECMON_EVENT_LINE, on_line, w, NULL, NULL);
  execmon_set_events(monitor, 3, EXECMON_EVENT_LINE, NULL);
  pthread_mutex_lock(&lock);
  w->py = py;
  while (!stopping && next < queue_length) {
    const char *script = queue[next++];
    pthread_mutex_unlock(&lock);
    execmon_error *error = NULL;
    if (execmon_run_file(py, script, 0, NULL, &error) != EXECMON_OK) {
      printf("%s: %s: %s\n", script, execmon_error_type(error), execmon_error_message(error));
      execmon_error_free(error);
    }
    pthread_mutex_lock(&lock);
  }
  w->py = NULL;
  running--;
  pthread_mutex_unlock(&lock);
  execmon_interp_free(py);
  return NULL;
}

int main(int argc, char **argv) {
  if (argc < 3) return fprintf(stderr, "usage: pool SECONDS SCRIPT...\n"), 2;
  queue = argv + 2, queue_length = (size_t)argc - 2, running = WORKERS;
  for (int i = 0; i < WORKERS; i++) pthread_create(&workers[i].thread, NULL, work, &workers[i]);
  for (int tenths = atoi(argv[1]) * 10; tenths > 0; tenths--) {
    usleep(100000);
    pthread_mutex_lock(&lock);
    int done = running == 0;
    pthread_mutex_unlock(&lock);
    if (done) break;
  }
  pthread_mutex_lock(&lock);
  stopping = 1;
  for (int i = 0; i < WORKERS; i++) {
    if (workers[i].py) execmon_interrupt(workers[i].py, NULL); /* from another thread, which few functions allow */
  }
  pthread_mutex_unlock(&lock);
  for (int i = 0; i < WORKERS; i++) {
    pthread_join(workers[i].thread, NULL);
    printf("worker %d ran %llu lines\n", i, workers[i].lines);
  }
  return 0;
}
