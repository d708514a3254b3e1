#include "CEditline.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Atomic uint32_t pending;
static _Atomic(_Atomic(unsigned) *) interrupt_flag;
static atomic_bool is_editing;
static atomic_int termination;
static int wake[2] = {-1, -1};

// ---- handlers --------------------------------------------------------------

static void note(uint32_t bit) {
  int saved_errno = errno;
  atomic_fetch_or(&pending, bit);
  char byte = 0;
  if (wake[1] >= 0 && write(wake[1], &byte, 1) < 0) errno = 0;  // full: a wake-up is on its way
  errno = saved_errno;
}

static void on_interrupt(int signal) {
  (void)signal;
  _Atomic(unsigned) *flag = atomic_load(&interrupt_flag);
  if (flag) atomic_store_explicit(flag, 1, memory_order_relaxed);
  note(NNE_INTERRUPT);
}

static void on_resize(int signal) {
  (void)signal;
  note(NNE_RESIZED);
}

static void on_resume(int signal) {
  (void)signal;
  note(NNE_RESUMED);
}

static void on_termination(int signal) {
  atomic_store(&termination, signal);
  if (atomic_load(&is_editing)) return note(NNE_TERMINATE);
  nne_terminal_restore();
  struct sigaction standard;
  memset(&standard, 0, sizeof standard);
  standard.sa_handler = SIG_DFL;
  sigaction(signal, &standard, NULL);
  raise(signal);  // held back until this handler returns
}

static struct sigaction earlier[NSIG];

// Gives the terminal back, then lets whoever was there before have the signal: Swift's backtracer, or the default.
static void on_fatal(int signal) {
  nne_terminal_restore();
  sigaction(signal, &earlier[signal], NULL);
  raise(signal);
}

// ---- installation ----------------------------------------------------------

static void install(int signal, void (*handler)(int), int flags) {
  struct sigaction action;
  if (sigaction(signal, NULL, &earlier[signal]) || earlier[signal].sa_handler == SIG_IGN) return;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(signal, &action, NULL);
}

static bool open_wake_pipe(void) {
  int ends[2];
  if (pipe(ends)) return false;
  for (int i = 0; i < 2; i++) {
    // Not in the place of a standard stream that was closed: nobody must take the pipe for input.
    wake[i] = fcntl(ends[i], F_DUPFD_CLOEXEC, 3);
    close(ends[i]);
    fcntl(wake[i], F_SETFL, O_NONBLOCK);
  }
  return wake[0] >= 0 && wake[1] >= 0;
}

// A stack overflow leaves no room for a handler: this thread's fatal signals get a stack of their own.
static void provide_signal_stack(void) {
  static char room[1 << 16];
  stack_t current;
  if (sigaltstack(NULL, &current) || !(current.ss_flags & SS_DISABLE)) return;
  stack_t own = {.ss_sp = room, .ss_size = sizeof room};
  sigaltstack(&own, NULL);
}

bool nne_signals_install(void) {
  static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGQUIT};
  if (wake[0] >= 0) return true;
  if (!open_wake_pipe()) return false;
  provide_signal_stack();
  // No SA_RESTART: a read that blocks must end when SIGINT comes.
  install(SIGINT, on_interrupt, 0);
  install(SIGWINCH, on_resize, SA_RESTART);
  install(SIGCONT, on_resume, SA_RESTART);
  install(SIGTERM, on_termination, 0);
  install(SIGHUP, on_termination, 0);
  for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) install(fatal[i], on_fatal, SA_ONSTACK);
  return true;
}

// ---- state -----------------------------------------------------------------

int nne_signals_descriptor(void) { return wake[0]; }
uint32_t nne_signals_pending(void) { return atomic_load(&pending); }

uint32_t nne_signals_take(uint32_t mask) {
  // The pipe first: a signal between the two steps then leaves a byte too many, never a bit without a byte.
  char bytes[64];
  if (wake[0] >= 0)
    while (read(wake[0], bytes, sizeof bytes) > 0) {}
  uint32_t taken = atomic_fetch_and(&pending, ~mask) & mask;
  if (atomic_load(&pending)) note(0);
  return taken;
}

void nne_signals_raise(uint32_t bits) {
  if (bits & NNE_INTERRUPT) on_interrupt(SIGINT);
  note(bits);
}

void nne_set_interrupt_flag(void *flag) { atomic_store(&interrupt_flag, (_Atomic(unsigned) *)flag); }

void nne_clear_interrupt_flag(void) {
  _Atomic(unsigned) *flag = atomic_load(&interrupt_flag);
  if (flag) atomic_store_explicit(flag, 0, memory_order_relaxed);
}

void nne_signals_set_editing(bool editing) { atomic_store(&is_editing, editing); }
int nne_signals_termination(void) { return atomic_load(&termination); }

// ---- stopping and dying ----------------------------------------------------

void nne_signals_suspend(void) {
  nne_signals_take(NNE_RESUMED);
  kill(0, SIGTSTP);
  // With several threads the stop may come a moment after kill returns, and not at all in an orphaned job: wait
  // for the signal that continues us, but not for ever.
  for (int attempt = 0; attempt < 20 && !nne_signals_take(NNE_RESUMED); attempt++) poll(NULL, 0, 10);
}

_Noreturn void nne_signals_die(int signal) {
  nne_terminal_restore();
  struct sigaction standard;
  memset(&standard, 0, sizeof standard);
  standard.sa_handler = SIG_DFL;
  sigaction(signal, &standard, NULL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  sigprocmask(SIG_UNBLOCK, &only, NULL);
  raise(signal);
  _exit(128 + signal);
}
