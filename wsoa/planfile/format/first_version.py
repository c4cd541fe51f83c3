"""A file of the first version as one of the newest says it. Pure."""

from wsoa.planfile.format.schema import FORMAT, PlanFile


def upgraded(file: PlanFile) -> PlanFile:
    """The same plan without what only the first version has.

    Its weaknesses become findings, in the order of their numbers.
    """
    if not file.weaknesses:
        return file
    weaknesses = sorted(file.weaknesses, key=lambda weakness: int(weakness.number))
    areas = [
        area.model_copy(
            update={
                "answers": [file.key_of_weakness(area.weakness)] if area.weakness else [],
                "weakness": None,
            }
        )
        for area in file.areas
    ]
    return file.model_copy(
        update={
            "format": FORMAT,
            "findings": [file.as_finding(weakness) for weakness in weaknesses],
            "weaknesses": [],
            "areas": areas,
        }
    )
