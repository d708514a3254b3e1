#if !__has_include(<histedit.h>)
#error "libedit's headers are missing. Debian, Ubuntu: apt-get install libedit-dev. Fedora: dnf install libedit-devel"
#endif
#include <histedit.h>
#include "CEditline.h"
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

_Static_assert(sizeof(wchar_t) == sizeof(uint32_t), "wide characters are Unicode scalars");

// EL_CLIENTDATA holds one pointer: this.
struct editor_data {
  void *context;
  nne_reader reader;
  FILE *nowhere;
};

static struct editor_data *data_of(EditLine *el) {
  void *data = NULL;
  el_wget(el, EL_CLIENTDATA, &data);
  return data;
}

static int read_scalar(EditLine *el, wchar_t *scalar) {
  struct editor_data *data = data_of(el);
  uint32_t value = 0;
  int status = data->reader(data->context, &value);
  *scalar = (wchar_t)value;
  return status;
}

static wchar_t *no_prompt(EditLine *el) {
  static wchar_t empty[1];
  (void)el;
  return empty;
}

EditLine *nne_open(const char *name, void *context, nne_reader reader) {
  struct editor_data *data = calloc(1, sizeof *data);
  FILE *nowhere = fopen("/dev/null", "we");
  // libedit asks whether its output is a terminal only here; from EL_SETFP on it draws into /dev/null. Its errors
  // go there from the start: an unknown TERM is no news worth two lines.
  EditLine *el = data && nowhere ? el_init(name, stdin, stdout, nowhere) : NULL;
  if (!el) {
    if (nowhere) fclose(nowhere);
    free(data);
    return NULL;
  }
  *data = (struct editor_data){context, reader, nowhere};
  el_wset(el, EL_CLIENTDATA, data);
  el_wset(el, EL_SETFP, 1, nowhere);
  el_wset(el, EL_SIGNAL, 0);  // its handler sends the signal on to the whole process group
  el_wset(el, EL_PROMPT, no_prompt);
  el_wset(el, EL_GETCFN, read_scalar);  // el_set would mean a reader of bytes with Apple's libedit
  return el;
}

void nne_close(EditLine *el) {
  struct editor_data *data = data_of(el);
  el_end(el);
  fclose(data->nowhere);
  free(data);
}

void *nne_context(EditLine *el) { return data_of(el)->context; }

bool nne_edit(EditLine *el) {
  int count = 0;
  return el_wgets(el, &count) != NULL;
}

void nne_set_vi(EditLine *el, bool vi) { el_wset(el, EL_EDITOR, vi ? L"vi" : L"emacs"); }

bool nne_is_vi(EditLine *el) {
  const wchar_t *editor = NULL;
  el_wget(el, EL_EDITOR, &editor);
  return editor && editor[0] == L'v';
}

bool nne_add_command(EditLine *el, const char *name, const char *help, nne_command command) {
  return el_set(el, EL_ADDFN, name, help, command) == 0;
}

void nne_bind(EditLine *el, bool command_mode, const char *key, const char *command) {
  if (command_mode) el_set(el, EL_BIND, "-a", key, command, NULL);
  else el_set(el, EL_BIND, key, command, NULL);
}

void nne_bind_latin_letters(EditLine *el) {
  for (wchar_t letter = 0xA0; letter <= 0xFF; letter++) {
    wchar_t key[2] = {letter, 0};
    el_wset(el, EL_BIND, key, L"ed-insert", NULL);
  }
}

void nne_configure(EditLine *el, const char *line) {
  Tokenizer *tokenizer = tok_init(NULL);
  int count = 0;
  const char **words = NULL;
  if (!tokenizer) return;
  if (tok_str(tokenizer, line, &count, &words) == 0 && count > 0) el_parse(el, count, words);
  tok_end(tokenizer);
}

void nne_refresh(EditLine *el) { el_wset(el, EL_REFRESH); }
void nne_resize(EditLine *el) { el_resize(el); }

const uint32_t *nne_line(EditLine *el, size_t *count, size_t *cursor) {
  const LineInfoW *line = el_wline(el);
  *count = (size_t)(line->lastchar - line->buffer);
  *cursor = (size_t)(line->cursor - line->buffer);
  return (const uint32_t *)line->buffer;
}

void nne_set_cursor(EditLine *el, size_t position) {
  // Apple's library has no el_cursor; there and here LineInfoW is the editor's own record.
  LineInfoW *line = (LineInfoW *)(uintptr_t)el_wline(el);
  if (position <= (size_t)(line->lastchar - line->buffer)) line->cursor = line->buffer + position;
}

bool nne_insert(EditLine *el, const uint32_t *scalars) {
  return el_winsertstr(el, (const wchar_t *)scalars) == 0;
}

void nne_delete_before(EditLine *el, size_t count) { el_deletestr(el, (int)count); }

HistoryW *nne_history_open(EditLine *el, int capacity) {
  HistoryW *history = history_winit();
  HistEventW event;
  if (!history) return NULL;
  history_w(history, &event, H_SETSIZE, capacity);
  el_wset(el, EL_HIST, history_w, history);
  return history;
}

void nne_history_close(HistoryW *history) { history_wend(history); }

void nne_history_enter(HistoryW *history, const uint32_t *scalars) {
  HistEventW event;
  history_w(history, &event, H_ENTER, (const wchar_t *)scalars);
}
