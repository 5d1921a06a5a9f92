"""The answer of Android's `aapt dump badging`, as far as Appwright and Appium's driver read it."""

from qgjob.binary.facts import BinaryFacts


def badging(facts: BinaryFacts) -> str:
    """Return the lines that name an APK's package, versions, SDK levels and launcher activity."""
    name, code, shown = facts.package, facts.version_code, _without_quotes(facts.version_name)
    lines = [f"package: name='{name}' versionCode='{code}' versionName='{shown}'"]
    if facts.min_sdk is not None:
        lines.append(f"sdkVersion:'{facts.min_sdk}'")
    if facts.target_sdk is not None:
        lines.append(f"targetSdkVersion:'{facts.target_sdk}'")
    if facts.launch_activity is not None:
        lines.append(f"launchable-activity: name='{facts.launch_activity}' label='' icon=''")
    return "".join(f"{line}\n" for line in lines)


def _without_quotes(text: str) -> str:
    # The driver reads up to the next quote, whatever stands before it: a quote inside has to go.
    return text.replace("'", "_")
