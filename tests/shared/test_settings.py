"""Settings: where a value comes from, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import env_example
import pytest

from shared.config import HOME, Settings, load, load_with_origins, variables
from shared.errors import SettingInvalid
from shared.masking import SECRETS


def _file(tmp_path: Path, text: str) -> "dict[str, str]":
    folder = tmp_path / "configs"
    folder.mkdir()
    (folder / "relay.yaml").write_text(text, encoding="utf-8")
    return {"RELAY_CONFIG": str(folder / "relay.yaml")}


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(tmp_path: Path) -> None:
    """Each value says where it came from."""
    env = _file(tmp_path, "slots: 3\nlease_seconds: 30\n")
    settings, shown = load_with_origins({**env, "RELAY_SLOTS": "2"})
    assert (settings.slots, settings.lease_seconds, settings.grace_seconds) == (2, 30.0, 30.0)
    origins = {one.name: one.origin for one in shown}
    assert origins["slots"] == "RELAY_SLOTS"
    assert origins["lease_seconds"] == env["RELAY_CONFIG"]
    assert origins["grace_seconds"] == "default"


def test_an_unknown_key_is_refused_by_name_with_the_nearest_known_one(tmp_path: Path) -> None:
    """A misspelt key must not be a silent default."""
    with pytest.raises(SettingInvalid, match="no setting 'slot'.*did you mean 'slots'"):
        load(_file(tmp_path, "slot: 3\n"))


def test_a_misspelt_variable_is_refused_by_name() -> None:
    """RELAY_REPORT would leave everybody looking at another folder."""
    with pytest.raises(SettingInvalid, match="no variable 'RELAY_REPORT'.*did you mean 'RELAY_REPORTS'"):
        load({"RELAY_REPORT": "/mnt/nas"})


def test_an_empty_variable_is_none(tmp_path: Path) -> None:
    """As systemd and .env files write what is not set."""
    shown = load_with_origins({**_file(tmp_path, "slots: 3\n"), "RELAY_SLOTS": ""})[1]
    assert next(one for one in shown if one.name == "slots").origin.endswith("relay.yaml")


def test_an_empty_variable_empties_an_address(tmp_path: Path) -> None:
    """Where empty says something, as of `there`, it wins over the file like every other value."""
    env = _file(tmp_path, "there: pc:krx/reports\nthere_data: pc:krx/data\nreports: here\n")
    settings, shown = load_with_origins({**env, "RELAY_THERE_DATA": "", "RELAY_REPORTS": ""})
    assert (settings.there, settings.there_data, settings.reports) == ("pc:krx/reports", "", tmp_path / "here")
    assert next(one.origin for one in shown if one.name == "there_data") == "RELAY_THERE_DATA"


def test_a_file_outside_a_configs_folder_is_its_own_home(tmp_path: Path) -> None:
    """Like /etc/relay.yaml."""
    (tmp_path / "relay.yaml").write_text("reports: reports\n")
    assert load({"RELAY_CONFIG": str(tmp_path / "relay.yaml")}).reports == tmp_path / "reports"


def test_a_bad_value_names_the_setting_its_origin_and_what_it_is_for() -> None:
    """The person must know which of three places to mend."""
    with pytest.raises(SettingInvalid, match="RELAY_SLOTS.*slots='many'.*runs at the same time"):
        load({"RELAY_SLOTS": "many"})


@pytest.mark.parametrize("text", ["just words", "- a\n- b\n", "a: [1\n", "\ufeffslots: nothing\n"])
def test_a_file_that_is_no_list_of_settings_is_refused(tmp_path: Path, text: str) -> None:
    """Always with the file's name."""
    with pytest.raises(SettingInvalid, match=r"relay\.yaml"):
        load(_file(tmp_path, text))


def test_an_empty_file_and_a_bom_are_fine(tmp_path: Path) -> None:
    """Written by an editor on Windows."""
    assert load(_file(tmp_path, "\ufeff# nothing\n")).slots > 0


def test_relative_folders_start_at_the_checkout_for_the_file_and_here_for_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cron starts in a folder nobody thinks of."""
    env = _file(tmp_path, "reports: share/reports\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert load(env).reports == tmp_path / "share" / "reports"
    assert load({**env, "RELAY_REPORTS": "mine"}).reports == elsewhere / "mine"


def test_a_named_config_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    """It was named on purpose."""
    with pytest.raises(SettingInvalid, match="no such file"):
        load({"RELAY_CONFIG": str(tmp_path / "none.yaml")})


def test_the_example_file_lists_every_variable_and_nothing_else() -> None:
    """Written again by `python scripts/env_example.py`."""
    text = (HOME / ".env.example").read_text(encoding="utf-8")
    assert text == env_example.text()
    named = {line[1:].split("=")[0] for line in text.splitlines() if line.startswith("#RELAY_")}
    assert named == {"RELAY_CONFIG", *variables().values()}


def test_the_example_file_names_every_variable_a_provider_of_prices_reads() -> None:
    """Keys, a login, and where to ask: they stand in no settings file."""
    text = (HOME / ".env.example").read_text(encoding="utf-8")
    sources = [file.read_text(encoding="utf-8") for file in sorted((HOME / "shared" / "market").rglob("*.py"))]
    read = {name for source in sources for name in re.findall(r'environ(?:\.get\(|\[)"(\w+)"', source)}
    assert read >= {"ALLOW_NET_FETCH", "KRX_OPENAPI_KEY", "KRX_OPENAPI_URL", "KRX_ID", "KRX_PW"}
    assert [name for name in sorted(read) if f"\n#{name}=" not in text] == []


def test_no_secret_has_a_default() -> None:
    assert {name: default for name, default, _ in env_example.OUTSIDE if name in SECRETS and default} == {}


def test_every_setting_says_what_it_is_for() -> None:
    """In one line."""
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_checkouts_own_file_is_in_force_and_switches_on_made_up_prices() -> None:
    """Nothing is named: configs/relay.yaml is read, and only there it says `synthetic`."""
    settings, shown = load_with_origins({})
    assert settings.prices == "synthetic"
    assert {one.origin for one in shown if one.name == "prices"} == {str(HOME / "configs" / "relay.yaml")}
    assert Settings().prices == "local"


def test_no_setting_holds_a_secret_that_a_line_of_the_log_could_carry() -> None:
    secret = re.compile(r"secret|token|password|passwd|credential|webhook|api_?key", re.IGNORECASE)
    held = [name for name, field in Settings.model_fields.items() if secret.search(f"{name} {field.description}")]
    assert held == []


@pytest.mark.parametrize(
    "text",
    ["password: hunter2: really\n", "hunter2\0", "[" * 100_000 + "hunter2", "day: 2024-13-45 # hunter2\n", "hunter2: [\n"],
)
def test_what_is_no_yaml_is_refused_without_its_content(tmp_path: Path, text: str) -> None:
    """RELAY_CONFIG may point at any file, and logs are read by many."""
    with pytest.raises(SettingInvalid, match=r"relay\.yaml: not YAML") as refused:
        load(_file(tmp_path, text))
    assert "hunter2" not in str(refused.value)


def test_the_place_of_the_fault_in_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match="not YAML at line 2, column 10"):
        load(_file(tmp_path, "slots: 1\nprices: a: b\n"))


@pytest.mark.parametrize("variable", ["RELAY_REPORTS", "RELAY_CONFIG", "RELAY_STRATEGIES_PATH"])
def test_the_home_of_nobody_is_refused_by_the_name_of_its_variable(variable: str) -> None:
    with pytest.raises(SettingInvalid, match=f"{variable}.*~nosuchuser/x"):
        load({variable: "~nosuchuser/x"})


def test_a_character_no_path_can_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match=r"relay\.yaml: reports holds a NUL character"):
        load(_file(tmp_path, 'reports: "a\\0b"\n'))


def test_a_lease_shorter_than_two_heartbeats_is_refused() -> None:
    """The living would be buried all the time."""
    with pytest.raises(SettingInvalid, match="lease_seconds=3 is less than two heartbeats of 2 s"):
        load({"RELAY_LEASE_SECONDS": "3"})
    assert load({"RELAY_LEASE_SECONDS": "4"}).lease_seconds == 4


def test_a_word_that_is_none_of_those_there_are_is_refused_with_them() -> None:
    with pytest.raises(SettingInvalid, match="prices='real': it is none of local, synthetic"):
        load({"RELAY_PRICES": "real"})


def test_a_setting_that_has_no_value_has_none() -> None:
    shown = {one.name: one.value for one in load_with_origins({})[1]}
    assert shown["strategies_path"] is None
