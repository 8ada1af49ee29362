"""What is wrong with a file, in the user's words."""

from __future__ import annotations

from persian_mir import plurals
from persian_mir.audio.decoder import Problem
from persian_mir.i18n import _, digits


def sentence(problem: Problem) -> str:
    """`problem` as a translated sentence. Its details are seconds, bytes or names, as the sentence needs them."""
    details = problem.details
    match problem.kind:
        case "ends early" if len(details) == 2:
            have, promised = map(float, details)
            text = _("The file is damaged: {have} of {promised} are there, the rest is missing.")
            if seconds(have) == seconds(promised):  # rounded, nothing would be missing
                text = _("The file is damaged: the last {missing} of {promised} are missing.")
            return text.format(have=seconds(have), promised=seconds(promised), missing=seconds(promised - have))
        case "ends early":
            return _("The file ends before its header says it should: what is there can be used, the rest is missing.")
        case "has holes":
            return _("Parts of the file are damaged and were left out: what follows them is placed too early.")
        case "silent holes" if details:
            text = _(
                "Parts of the file are damaged, {missing} in all: silence stands in their place, and all else is "
                "where it was."
            )
            return text.format(missing=seconds(float(details[0])))
        case "silent holes":
            return _("Parts of the file are damaged: silence stands in their place, and all else is where it was.")
        case "garbled":
            return _("Parts of the file are damaged: what is heard there is not what was recorded.")
        case "not finite":
            return _("Some samples of the file are not numbers: they are taken as silence.")
        case "unread":
            return _("Behind the sound lie {size} that are nothing the program knows: they were not read.").format(
                size=digits(plurals.size(float(details[0])))
            )
        case "other tracks":
            text = _("The file holds several sound tracks. This is {track}; not read: {others}.")
            return text.format(track=details[0], others=", ".join(map(str, details[1:])))
        case "other spelling":
            return _("The name was asked for in another spelling of the same letters (Unicode): {name}.").format(
                name=details[0]
            )
        case "opposed phase":
            return _("Its channels are in opposed phase and would cancel: they are subtracted instead of added.")
        case "empty channel":
            text = _("Without music (silence, hum or noise only), and left out: channel {channels}.")
            return text.format(channels=digits(_(", ").join(map(str, details))))
        case "offset":
            return _("The sound lies off its zero line (a constant voltage was recorded): that is taken out.")
        case "hum":
            text = _("It hums, as of mains of {hz} Hz: that is taken out before its pitch is heard.")
            return text.format(hz=digits(f"{float(details[0]):.1f}"))
        case "clipped":
            return _("It was recorded too loud: its peaks are cut off.")
        case "quiet":
            return _("It is very quiet: {db} dB at its loudest; it is listened to at a reference level.").format(
                db=digits(f"{float(details[0]):.0f}".replace("-", "\u2212"))
            )


def seconds(value: float) -> str:
    """`20 ms` below a tenth of a second, `0.2 s` below ten, `92 s` below ten minutes, then `42 min`."""
    if 0 < value < 0.095:
        return _("{number} ms").format(number=digits(str(max(1, round(1000 * value)))))
    if value >= 600:
        return _("{number} min").format(number=digits(str(round(value / 60))))
    return _("{number} s").format(number=digits(f"{value:.1f}" if value < 9.95 else str(round(value))))
