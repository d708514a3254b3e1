#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE 1
#endif
#include <histedit.h>
#include "CEditline.h"
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

// ---- text ------------------------------------------------------------------

static bool locale_is_utf8(void) {
  const char *codeset = nl_langinfo(CODESET);
  return codeset && (!strcmp(codeset, "UTF-8") || !strcmp(codeset, "utf8"));
}

bool nne_use_utf8_locale(void) {
  static const char *const substitutes[] = {"C.UTF-8", "en_US.UTF-8", "UTF-8"};
  setlocale(LC_CTYPE, "");
  if (locale_is_utf8()) return true;
  for (size_t i = 0; i < sizeof substitutes / sizeof *substitutes; i++)
    if (setlocale(LC_CTYPE, substitutes[i]) && locale_is_utf8()) return false;
  setlocale(LC_CTYPE, "");
  return false;
}

int nne_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

bool nne_window_size(int descriptor, int *rows, int *columns) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col) return false;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return true;
}

void nne_flush_stdio(void) { fflush(stdout); }

// ---- modes -----------------------------------------------------------------

static struct termios remembered;
static volatile sig_atomic_t has_remembered, is_decorated;

void nne_terminal_remember(void) {
  if (has_remembered || tcgetattr(STDIN_FILENO, &remembered)) return;
  has_remembered = 1;
  atexit(nne_terminal_restore);
}

void nne_terminal_mark_decorated(bool decorated) { is_decorated = decorated; }

void nne_terminal_restore(void) {
  int saved_errno = errno;
  // From the background, tcsetattr would stop this process or change another's terminal.
  if (has_remembered && tcgetpgrp(STDIN_FILENO) == getpgrp()) {
    static const char plain[] = "\033[?2004l\033[0m\033[?25h";
    if (is_decorated && write(STDOUT_FILENO, plain, sizeof plain - 1) < 0) errno = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &remembered);
  }
  errno = saved_errno;
}

static void adopt_editing_modes(struct termios *modes) {
  // Ctrl-C as a signal makes the kernel discard output on its way. `setty -d -isig` would say the same, but has
  // no effect in Apple's libedit. Without IXON, Ctrl-S searches and does not freeze the screen.
  modes->c_lflag &= ~(tcflag_t)(ISIG | ICANON | ECHO | IEXTEN);
  modes->c_iflag &= ~(tcflag_t)(IXON | ICRNL | INLCR);
  modes->c_cc[VMIN] = 1;
  modes->c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSADRAIN, modes);
}

void nne_terminal_edit(EditLine *el) {
  // Debian's el_wgets draws before it enters raw mode; a key that arrives in between is lost.
  el_wset(el, EL_PREP_TERM, 1);
  struct termios modes;
  if (tcgetattr(STDIN_FILENO, &modes) == 0) adopt_editing_modes(&modes);
}

void nne_terminal_keep_editing(void) {
  struct termios modes;
  if (tcgetattr(STDIN_FILENO, &modes)) return;
  if (modes.c_lflag & (tcflag_t)(ISIG | ICANON | ECHO) || modes.c_iflag & (tcflag_t)IXON) adopt_editing_modes(&modes);
}

void nne_terminal_work(void) {
  struct termios modes;
  if (tcgetattr(STDIN_FILENO, &modes)) return;
  // Not the modes the terminal came with: in canonical mode a Ctrl-D typed ahead becomes a NUL, lines are cut at
  // 4096 bytes, and the kernel's echo stands in the output. NOFLSH keeps output when Ctrl-C is pressed.
  modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
  modes.c_lflag |= ISIG | NOFLSH;
  modes.c_cc[VMIN] = 1;
  modes.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
}
