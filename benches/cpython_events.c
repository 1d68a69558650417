/*
 * The same for CPython: a callback in C that counts, for benches/events.py.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static unsigned long long events;

static PyObject *on_event(PyObject *self, PyObject *const *args, Py_ssize_t n) {
  (void)self, (void)args, (void)n;
  ++events;
  Py_RETURN_NONE;
}

static PyObject *take_count(PyObject *self, PyObject *unused) {
  PyObject *count = PyLong_FromUnsignedLongLong(events);
  (void)self, (void)unused;
  events = 0;
  return count;
}

static PyMethodDef methods[] = {
    {"on_event", (PyCFunction)(void (*)(void))on_event, METH_FASTCALL, "Counts."},
    {"take_count", take_count, METH_NOARGS, "The count since the last call."},
    {NULL, NULL, 0, NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "cpython_events", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_cpython_events(void) { return PyModule_Create(&module); }
