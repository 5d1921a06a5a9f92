from qgjob.cli.submission.buildpath import BuildPath, find_build_paths


def test_the_build_path_of_a_named_project_is_found() -> None:
    config = """
    import { defineConfig, Platform } from "appwright";
    export default defineConfig({
      testDir: "./tests",
      projects: [
        { name: "android", use: { platform: Platform.ANDROID, device: { provider: "emulator" },
                                  buildPath: "builds/shop-2.0.0.apk", expectTimeout: 10_000 } },
        { name: "ios", use: { buildPath: 'builds/shop.ipa' } },
      ],
    });
    """
    assert find_build_paths(config) == [
        BuildPath(project="android", path="builds/shop-2.0.0.apk"),
        BuildPath(project="ios", path="builds/shop.ipa"),
    ]


def test_a_project_may_be_named_after_its_build_path() -> None:
    config = """projects: [{ use: { buildPath: "a.apk" }, name: "late" }]"""
    assert find_build_paths(config) == [BuildPath(project="late", path="a.apk")]


def test_the_name_of_a_device_is_not_the_name_of_a_project() -> None:
    config = """projects: [{ name: "pixel", use: { device: { name: "Pixel 8" }, buildPath: "a.apk" } }]"""
    assert find_build_paths(config) == [BuildPath(project="pixel", path="a.apk")]


def test_a_build_path_outside_any_project_is_the_default_of_all() -> None:
    config = """export default defineConfig({ use: { buildPath: `app.apk` }, projects: [{ name: "android" }] });"""
    assert find_build_paths(config) == [BuildPath(project=None, path="app.apk")]


def test_joined_paths_are_put_together() -> None:
    config = """
    { name: "a", use: { buildPath: path.join("builds", "x.apk") } },
    { name: "b", use: { buildPath: path.resolve(__dirname, "builds", "y.apk"), } },
    { name: "c", use: { "buildPath": join(import.meta.dirname, 'z.apk') } },
    """
    assert [(found.project, found.path) for found in find_build_paths(config)] == [
        ("a", "builds/x.apk"),
        ("b", "builds/y.apk"),
        ("c", "z.apk"),
    ]


def test_a_computed_build_path_is_reported_as_unknown() -> None:
    config = """
    { name: "a", use: { buildPath: process.env.APP ?? "builds/x.apk" } },
    { name: "b", use: { buildPath: `builds/${version}.apk` } },
    { name: "c", use: { buildPath: path.join(root, "y.apk") } },
    """
    assert find_build_paths(config) == [
        BuildPath(project="a", path=None),
        BuildPath(project="b", path=None),
        BuildPath(project="c", path=None),
    ]


def test_comments_and_strings_that_mention_build_paths_count_for_nothing() -> None:
    config = """
    // buildPath: "old.apk"
    /* { name: "gone", use: { buildPath: "older.apk" } } */
    const hint = "set buildPath: 'x.apk' // here";
    { name: "a", use: { buildPath: "new.apk" } }
    """
    assert find_build_paths(config) == [BuildPath(project="a", path="new.apk")]


def test_a_url_is_no_comment() -> None:
    config = """{ name: "cloud", use: { buildPath: "bs://0123abcd" } }"""
    assert find_build_paths(config) == [BuildPath(project="cloud", path="bs://0123abcd")]


def test_a_config_that_stops_short_breaks_nothing() -> None:
    assert find_build_paths("{ name: 'a', use: { buildPath: 'x.apk'") == [BuildPath(project=None, path="x.apk")]
    assert find_build_paths("{ buildPath:") == []
    assert find_build_paths("}}} buildPath: }") == [BuildPath(project=None, path=None)]
    assert find_build_paths("") == []


def test_a_regular_expression_is_passed_over() -> None:
    config = r"""{ name: "a", testMatch: /[/"']x{2}\//, use: { timeout: 60 / 2, buildPath: "new.apk" } }"""
    assert find_build_paths(config) == [BuildPath(project="a", path="new.apk")]
