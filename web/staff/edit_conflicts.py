"""Two people change one thing at once: the second to save is told, and has both before them.

A form that `is_shared` bears a mark of what its page showed. Nobody is told who sends no mark, as programs do.
"""

from web.forms.form import Form

OVERTAKEN = (
    "This was saved meanwhile, by somebody else or in another window, so nothing was saved now. Yours is below; what "
    "was saved is beside each field that differs."
)


def overtaken(form: Form, stored: Form) -> bool:
    """Whether it was saved by somebody else since; the form then says so, and what `stored` has."""
    if form.as_it_was in ("", stored.as_it_was):
        return False
    form.as_it_was = stored.as_it_was
    form.theirs = {
        name: stored.typed[name]
        for name in stored.typed
        if form.declared[name].kind not in ("hidden", "file", "password") and _said(stored, name) != _said(form, name)
    }
    if form.theirs:
        form.refuse(None, OVERTAKEN)
    return bool(form.theirs)


def _said(form: Form, name: str) -> list[str]:
    return sorted(value.replace("\r\n", "\n") for value in form.typed.get(name, []) if value)
