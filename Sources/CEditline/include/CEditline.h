// The floor of line editing: libedit's native wide interface without its variadic functions, the modes of the
// terminal, and signals. One source for Debian's libedit (3.1) and Apple's (NetBSD 2012 with patches): only what
// both headers declare is used.
#ifndef CEDITLINE_H
#define CEDITLINE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct editline EditLine;
typedef struct historyW HistoryW;

// ---- the editor ------------------------------------------------------------

// What a command answers (libedit's CC_ codes that are used here).
enum { NNE_NORMAL = 0, NNE_NEWLINE = 1, NNE_END = 2, NNE_REFRESH = 4, NNE_FAILED = 6 };

// Asked for the next scalar: 1 when there is one, 0 at the end of input, -1 to give up the line.
typedef int (*nne_reader)(void *_Nonnull context, uint32_t *_Nonnull scalar);
// A command bound to a key; answers one of the codes above.
typedef unsigned char (*nne_command)(EditLine *_Nonnull, int key);

// An editor on standard input whose own drawing goes nowhere: the caller paints. NULL without a terminal.
EditLine *_Nullable nne_open(const char *_Nonnull name, void *_Nonnull context, nne_reader _Nonnull reader);
void nne_close(EditLine *_Nonnull);
void *_Nullable nne_context(EditLine *_Nonnull);
// Edits one line; answers whether a command of libedit's own entered it, with a newline at its end. What else came
// of it, the caller knows from its commands and its reader.
bool nne_edit(EditLine *_Nonnull);

void nne_set_vi(EditLine *_Nonnull, bool vi);
bool nne_is_vi(EditLine *_Nonnull);
bool nne_add_command(
    EditLine *_Nonnull, const char *_Nonnull name, const char *_Nonnull help, nne_command _Nonnull);
// `command_mode`: the keys of vi's command mode, or else those of emacs and of vi's insert mode.
void nne_bind(EditLine *_Nonnull, bool command_mode, const char *_Nonnull key, const char *_Nonnull command);
// Makes the letters U+00A0 to U+00FF insert themselves; emacs mode takes them for Meta keys otherwise.
void nne_bind_latin_letters(EditLine *_Nonnull);
// Runs one line of an .editrc file.
void nne_configure(EditLine *_Nonnull, const char *_Nonnull line);

void nne_refresh(EditLine *_Nonnull);
void nne_resize(EditLine *_Nonnull);
const uint32_t *_Nonnull nne_line(EditLine *_Nonnull, size_t *_Nonnull count, size_t *_Nonnull cursor);
void nne_set_cursor(EditLine *_Nonnull, size_t position);
bool nne_insert(EditLine *_Nonnull, const uint32_t *_Nonnull scalars_with_zero);
void nne_delete_before(EditLine *_Nonnull, size_t count);

// libedit's own list, for the commands that search it (vi's `_`, keys bound in .editrc).
HistoryW *_Nullable nne_history_open(EditLine *_Nonnull, int capacity);
void nne_history_close(HistoryW *_Nonnull);
void nne_history_enter(HistoryW *_Nonnull, const uint32_t *_Nonnull scalars_with_zero);

// ---- the terminal ----------------------------------------------------------

// Takes the environment's LC_CTYPE, or else any UTF-8 one: without it libedit drops what is not ASCII.
// Answers whether the environment itself asks for UTF-8.
bool nne_use_utf8_locale(void);
// Columns a scalar takes; -1 for control characters and what the locale does not know.
int nne_width(uint32_t scalar);
bool nne_window_size(int descriptor, int *_Nonnull rows, int *_Nonnull columns);
void nne_flush_stdio(void);

// Remembers the modes the terminal has now; they come back at exit and before a fatal signal ends the process.
void nne_terminal_remember(void);
// Async-signal-safe. Leaves the terminal alone while another process group owns it.
void nne_terminal_restore(void);
// Whether the terminal was sent anything that `nne_terminal_restore` must take back (paste mode, colours).
void nne_terminal_mark_decorated(bool decorated);
// For editing: characters one by one, Ctrl-C and Ctrl-Z among them.
void nne_terminal_edit(EditLine *_Nonnull);
// The same again where libedit has set modes of its own, as its quoting of keys does.
void nne_terminal_keep_editing(void);
// For the work between lines: Ctrl-C and Ctrl-Z are signals; what is typed ahead waits unseen.
void nne_terminal_work(void);

// ---- signals ---------------------------------------------------------------

enum { NNE_INTERRUPT = 1, NNE_RESIZED = 2, NNE_RESUMED = 4, NNE_TERMINATE = 8 };

// Installs the handlers, once; signals that are ignored (nohup) stay so.
bool nne_signals_install(void);
// Readable when a signal came.
int nne_signals_descriptor(void);
uint32_t nne_signals_pending(void);
// Takes the bits of `mask` out of those pending.
uint32_t nne_signals_take(uint32_t mask);
void nne_signals_raise(uint32_t bits);
// A word that SIGINT sets to 1 as well; it must be an `_Atomic(unsigned)`. NULL for none.
void nne_set_interrupt_flag(void *_Nullable flag);
void nne_clear_interrupt_flag(void);
// While editing, SIGTERM and SIGHUP are left to the editor; otherwise they end the process at once.
void nne_signals_set_editing(bool editing);
// SIGTERM or SIGHUP, whichever came last; 0 for none.
int nne_signals_termination(void);
// Stops the job as Ctrl-Z does and comes back when it is continued.
void nne_signals_suspend(void);
// Restores the terminal and ends the process by `signal`, so that its parent sees the right status.
_Noreturn void nne_signals_die(int signal);

#endif
