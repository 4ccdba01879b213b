"""Every sentence of doctor's by key, in Korean and English.

It exists so that whoever mends a wording, or a translation, finds all of them side by side.
"""

from __future__ import annotations

from shared.text import Table

SENTENCES: Table = {
    "late": ("{seconds}초 안에 답이 없음", "no answer within {seconds} s"),
    "late_fix": (
        "공유 폴더와 네트워크가 응답하는지 보고 다시 실행: python -m nas doctor 또는 python -m pc doctor",
        "see whether the share and the network answer, then once more: python -m nas doctor or python -m pc doctor",
    ),
    # share and folders
    "share_there": ("{path}", "{path}"),
    "share_away": (
        "{path}에 pending 폴더가 없음: 공유 폴더가 연결되지 않음",
        "no folder pending in {path}: the share is not mounted",
    ),
    "share_refuses": ("{path}: {why}",) * 2,
    "share_fix": (
        "공유 폴더를 연결하거나 RELAY_REPORTS를 고친다. 새 대기열이면: python -m nas init",
        "mount the share, or correct RELAY_REPORTS; for a new queue: python -m nas init",
    ),
    "folder": ("{owner} {mode}",) * 2,
    "folder_unmade": ("아직 없는 것은 쓸 때 만들어짐", "what is not there yet is made when needed"),
    "folder_missing": ("{path} 없음", "there is no {path}"),
    "folder_open": ("{name}에 누구나 쓸 수 있음 ({owner} {mode})", "anybody may write to {name} ({owner} {mode})"),
    "folder_open_fix": ("sudo chown {owner} {paths} && sudo chmod {wanted} {paths}",) * 2,
    "folder_shut": ("{name}에 쓸 수 없음: {why} ({owner} {mode})", "cannot write to {name}: {why} ({owner} {mode})"),
    "folder_shut_fix": ("sudo chown -R {user} {paths} && sudo chmod -R u+rwX,o-w {paths}",) * 2,
    "folder_shut_windows": ('icacls {paths} /grant "{user}":(OI)(CI)M',) * 2,
    "folder_read_only": ("{name}: 읽기 전용으로 연결됨", "{name}: mounted read-only"),
    "folder_read_only_fix": ("쓰기 가능으로 다시 연결한다 (rw)", "mount it again, writable (rw)"),
    "private": ("{path}을(를) 다른 사용자가 읽을 수 있음 ({mode})", "others may read {path} ({mode})"),
    "private_fix": ("chmod {wanted} {path}",) * 2,
    # the probe
    "exclusive_ok": ("두 번째 생성은 거절됨", "the second of two is refused"),
    "exclusive_bad": ("같은 {what}을 두 번 만들 수 있음", "the same {what} can be created twice"),
    "exclusive_fix": (
        "이 폴더에서는 한 요청을 두 워커가 함께 가져갈 수 있다: 다른 방식으로 연결한다 (SMB2 이상, NFSv3 이상)",
        "two workers could claim one request here: mount it another way (SMB2 or newer, NFSv3 or newer)",
    ),
    "rename_ok": ("pending과 done은 한 파일 시스템, 덮어쓰지 않음", "pending and done are one file system, nothing is replaced"),
    "rename_apart": ("pending과 done이 서로 다른 파일 시스템", "pending and done are two file systems"),
    "rename_apart_fix": ("{root} 아래를 모두 한 볼륨에 둔다", "put all of {root} on one volume"),
    "rename_lost": (
        "pending에서 done으로 옮긴 파일이 그대로 있지 않음",
        "a file moved from pending to done did not arrive as it was",
    ),
    "rename_replaces": ("폴더 이름 바꾸기가 있던 폴더를 덮어씀", "renaming a folder replaces the one that is there"),
    "rename_fix": (
        "이 연결로는 안전하지 않다: 다른 프로토콜로 연결한다",
        "it is not safe over this mount: use another protocol",
    ),
    "flush_ok": ("파일과 폴더 {ms} ms", "file and folder {ms} ms"),
    "flush_slow": ("파일과 폴더 {ms} ms: 느림", "file and folder {ms} ms: slow"),
    "flush_slow_fix": (
        "디스크와 네트워크를 살핀다. 급하면 한 번 더 재본다",
        "look after the disk and the network; measure once more",
    ),
    "flush_off": ("durable=false: 정전이면 접수한 요청을 잃을 수 있음", "durable=false: a power cut may lose accepted requests"),
    "flush_off_fix": (
        "configs/relay.yaml에서 durable을 지우거나 RELAY_DURABLE=true",
        "take durable out of configs/relay.yaml, or RELAY_DURABLE=true",
    ),
    "names_ok": ("한글과 140바이트 이름이 그대로, {case}", "Hangul and 140 bytes come back as given, {case}"),
    "names_case": ("대소문자 구분함", "case matters"),
    "names_no_case": ("대소문자 구분 안 함", "case does not matter"),
    "names_bad": ("이름이 그대로 돌아오지 않음: {which}", "names do not come back as given: {which}"),
    "names_fix": (
        "한글 이름을 NFC로 쓰게 연결한다 (mount 옵션 iocharset=utf8, macOS는 nfc), 140바이트 이름을 허용한다",
        "mount it so that names are UTF-8 and NFC (option iocharset=utf8, on macOS nfc) and may have 140 bytes",
    ),
    # clock
    "clock_ok": (
        "파일 서버와 {seconds:+.1f}초, 이 기계 {zone}, 표시는 늘 KST",
        "{seconds:+.1f} s from the file server, {zone} here, shown as KST",
    ),
    "clock_apart": ("파일 서버와 {seconds:+.1f}초 차이", "{seconds:+.1f} s from the file server's"),
    "clock_fix": (
        "두 기계의 시각 동기화를 켠다: sudo timedatectl set-ntp true (윈도우 w32tm /resync)",
        "switch on time synchronisation on both: sudo timedatectl set-ntp true (Windows: w32tm /resync)",
    ),
    "clock_unknown": ("공유 폴더에 쓸 수 없어 잴 수 없음", "cannot be measured: the share cannot be written to"),
    # space
    "space_ok": ("{name} {free}, inode {inodes}", "{name} {free}, {inodes} inodes"),
    "space_low": ("{name} {free}, inode {inodes}: 부족", "{name} {free}, {inodes} inodes: low"),
    "space_fix": ("{path}가 있는 디스크를 비운다", "make room on the disk of {path}"),
    "no_limit": ("제한 없음", "unlimited"),
    # workers
    "workers_none": ("지금은 없음", "none now"),
    "worker": ("{worker} {age} 전", "{worker} {age} ago"),
    "worker_dead": ("{worker} 중단됨, 다음 워커가 이어받음", "{worker} dead, the next one takes over"),
    "workers_unknown": (
        "{names}: 살아 있는지 알 수 없음 (공유 폴더에 쓸 수 없음)",
        "{names}: alive or not cannot be told (the share cannot be written to)",
    ),
    "versions_ok": ("{version}, 프로토콜 {protocol}", "{version}, protocol {protocol}"),
    "version_old": ("{worker}: 버전을 말하지 않는 옛 프로그램", "{worker}: an old program that tells no version"),
    "version_other": ("{worker}: {theirs}, 이쪽은 {ours}", "{worker}: {theirs}, this side {ours}"),
    "protocol_other": ("{worker}: 프로토콜 {theirs}, 이쪽은 {ours}", "{worker}: protocol {theirs}, this side {ours}"),
    "version_fix": (
        "두 기계를 같은 버전으로 맞추고 (git pull, pip install -r requirements/…) 워커를 다시 켠다",
        "bring both machines to one version (git pull, pip install -r requirements/…) and start the worker again",
    ),
    "waiting_ok": ("{count}건", "{count}"),
    "waiting_alone": ("{count}건, 가져갈 워커가 없음", "{count}, and no worker to take them"),
    "waiting_fix": ("PC에서: python -m pc watch", "on the PC: python -m pc watch"),
    "paused": ("{age} 전부터 일시 정지: {reason}", "paused since {age}: {reason}"),
    "paused_fix": ("python -m nas resume",) * 2,
    "litter_ok": ("없음", "none"),
    "litter_dead": ("중단된 워커 폴더 {count}개", "{count} folders of dead workers"),
    "litter_claims": ("답이 있는 요청의 claim {count}개", "{count} claims of answered requests"),
    "litter_drafts": ("답이 있는 요청의 초안 {count}개", "{count} drafts of answered requests"),
    "litter_fix": ("python -m pc drain (이어받고 치운다)", "python -m pc drain (takes over and sweeps)"),
    "litter_temporaries": ("한 시간 넘은 임시 파일 {count}개", "{count} temporary files older than an hour"),
    "litter_temporaries_fix": ("지운다: {paths}", "remove: {paths}"),
    "litter_aside": ("따로 둔 파일 {count}개", "{count} files set aside"),
    "litter_aside_fix": ("살펴보고 옮긴다: {path}", "look at them and move them away: {path}"),
    "conflicts_ok": ("없음", "none"),
    "conflicts_there": ("{count}개: {names}", "{count}: {names}"),
    "conflicts_fix": (
        "동기화 도구에서 {root}를 빼고, 사본은 원본과 비교한 뒤 지운다",
        "take {root} out of the sync tool; compare each copy with its original, then remove it",
    ),
    # the round trip
    "trip": (
        "모두 {total} ms: 접수 {submitted} → claim {claimed} → 실행 {run} → 봉인하고 여기서 보임 {seen} ({status})",
        "{total} ms in all: submitted {submitted} → claimed {claimed} → run {run} → sealed and seen here {seen} ({status})",
    ),
    "trip_fix": ("python -m nas show {id}",) * 2,
    "trip_paused": ("일시 정지 중이라 보내지 않음: {reason}", "nothing was sent, the queue is paused: {reason}"),
    "trip_alone": ("살아 있는 워커가 없어 보내지 않음", "nothing was sent: no worker lives"),
    "trip_late": ("{seconds}초 안에 답이 없음: {id}", "no answer within {seconds} s: {id}"),
    "trip_late_fix": (
        "python -m nas status, PC의 로그; 요청은 10분 뒤 만료",
        "python -m nas status, the PC's log; it expires after 10 min",
    ),
    # the road between the machines
    "same_folder": ("같은 폴더를 함께 씀: 나를 것이 없음", "both use one folder: nothing is carried"),
    "theirs": ("상대편이 나름", "the other side does the carrying"),
    "carrier_ok": ("{carrier} {there}",) * 2,
    "carrier_bad": ("{carrier} {there}: {why}",) * 2,
    "sync_never": ("아직 한 번도 없음", "never yet"),
    "sync_fix": ("python -m {side} sync",) * 2,
    "sync_ok": ("{age} 전, 보냄 {sent} · 받음 {brought}", "{age} ago, sent {sent} · brought {brought}"),
    "sync_old": ("{age} 전이 마지막 성공", "{age} since the last one that worked"),
    "sync_failed": ("{age} 전에 실패: {why}", "failed {age} ago: {why}"),
    "heard": ("{age} 전 ({what})", "{age} ago ({what})"),
    "heard_never": ("아직 없음", "nothing yet"),
    # prices
    "prices_ok": (
        "{last}까지 ({days}일 전, {origin}에서), 파일 {files}개 중 {read}개를 끝까지 읽음",
        "up to {last} ({days} days ago, from {origin}), {read} of {files} files read to the end",
    ),
    "prices_none": ("봉인되거나 운반된 가격 없음", "none were sealed or carried"),
    "prices_made_up": ("합성 가격: 운반되지 않음", "made up: these never travel"),
    "prices_none_but_made_up": ("합성 가격 사용 중, 운반할 가격은 아직 없음", "made up; none to be carried yet"),
    "prices_kept_away": ("아직 없음, 오지 않음: {why}", "none yet, and none come: {why}"),
    "prices_stuck": ("{last}까지, 새 가격이 오지 않음: {why}", "up to {last}, newer ones do not come: {why}"),
    "prices_fix": ("쓰던 가격은 그대로 있음. 고친 뒤 두 기계에서 sync", "those in use stay; mend it, then sync on both sides"),
    "prices_rotten": ("{last}까지, 디스크에서 상함: {why}", "up to {last}, damaged on this disk: {why}"),
    "prices_rotten_fix": (
        "{side}에서 새 가격을 봉인하고 양쪽에서 sync하면 상한 것도 새로 온다",
        "seal newer prices on the {side} and sync on both sides: what is damaged comes anew",
    ),
    "prices_old_fix": ("{side}에서 가격을 새로 받는다", "fetch prices on the {side}"),
    # events
    "events_ok": ("{kind}: {ms} ms 만에 도착", "{kind}: arrived within {ms} ms"),
    "events_local": ("{kind}: 이 기계의 디스크", "{kind}: a disk of this machine"),
    "events_scans": (
        "{kind}: 다른 기계가 쓴 것은 이벤트로 오지 않음, {seconds}초마다 훑어봄",
        "{kind}: what the other machine writes rings no bell, a scan finds it every {seconds} s",
    ),
    "events_none": ("{kind}: {seconds}초 안에 오지 않음, 훑어보기만 함", "{kind}: none within {seconds} s, only scans"),
    "events_fix": ("sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512",) * 2,
    "events_unknown": ("파일 시스템 종류를 알 수 없음", "the kind of file system cannot be told here"),
    # python and packages
    "python_ok": ("{version} ({path})", "{version} ({path})"),
    "python_old": ("{version}: {wanted} 이상이 필요함", "{version}: {wanted} or newer is needed"),
    "python_fix": (
        "파이썬 {wanted} 이상을 설치하고 python3 scripts/demo.py",
        "install Python {wanted} or newer, then python3 scripts/demo.py",
    ),
    "packages_ok": ("{extras}", "{extras}"),
    "package_missing": ("{name} 없음 ({extra})", "{name} is missing ({extra})"),
    "package_old": ("{name} {found}, {wanted} 이상이 필요함 ({extra})", "{name} {found}, {wanted} or newer is needed ({extra})"),
    "packages_fix": ("{python} -m pip install -r {file}",) * 2,
    # slack
    "slack_none": ("설정되지 않음: 알림은 이 기계에만 남음", "not set up: notices stay on this machine"),
    "slack_hook": (
        "웹훅 있음 (보내지 않고는 확인할 수 없음), 대기 {waiting}",
        "a webhook (it cannot be asked without posting), {waiting} waiting",
    ),
    "slack_ok": ("토큰 확인됨: {who}, 대기 {waiting}", "the token is good: {who}, {waiting} waiting"),
    "slack_bad": ("{why}, 대기 {waiting}", "{why}, {waiting} waiting"),
    "slack_fix": (
        "바른 토큰을 넣고 python -m {side} notify test (기다리는 알림은 그대로 있음)",
        "put the right token in its place, then python -m {side} notify test (what waits is kept)",
    ),
    "slack_away_fix": (
        "토큰 문제가 아니다: curl -I https://slack.com 이 되는지 보고 python -m {side} notify test (기다리는 알림은 그대로 있음)",
        "not the token's fault: see that curl -I https://slack.com works, then python -m {side} notify test (what waits is kept)",
    ),
    "as_told": ("{text}",) * 2,
    # answers, and what was published of them
    "answers_ok": ("{count}건 중 {read}건을 끝까지 읽음: 온전함", "{read} of {count} read to the end: whole"),
    "answers_bad": ("손상됨: {ids}", "damaged: {ids}"),
    "answers_fix": ("백업에서 되돌리거나 python -m nas retry {id}", "bring them back from a backup, or python -m nas retry {id}"),
    "published": ("마지막 발행 {age} 전", "{age} ago last"),
    "published_none": ("아직 없음 (답 {count}건)", "nothing yet ({count} answers)"),
    "unpublished": (
        "답 {count}건이 발행되지 않음, 가장 오래된 것은 {age} 전: 아무도 보지 못함",
        "{count} answers are not, the oldest is {age} old: nobody is shown them",
    ),
    "unpublished_fix": (
        "python -m nas publish, 그리고 크론에 (configs/cron/krx-relay.cron)",
        "python -m nas publish, and from cron (configs/cron/krx-relay.cron)",
    ),
    # the rest of a machine
    "font_ok": ("{font}", "{font}"),
    "font_none": ("없음: 그림은 영어로 그림", "none: pictures are drawn in English"),
    "font_fix": (
        "sudo apt install fonts-nanum (윈도우에는 맑은 고딕이 있다)",
        "sudo apt install fonts-nanum (Windows has Malgun Gothic)",
    ),
    "console_ok": ("{encoding}", "{encoding}"),
    "console_bad": ("{encoding}: 이 글자들을 보일 수 없음: {letters}", "{encoding}: it cannot show {letters}"),
    "console_fix": (
        "PYTHONUTF8=1 (윈도우: setx PYTHONUTF8 1 한 뒤 새 창에서 chcp 65001)",
        "PYTHONUTF8=1 (Windows: setx PYTHONUTF8 1, then in a new window chcp 65001)",
    ),
    "sleep_never": ("잠들지 않음 ({where})", "never ({where})"),
    "sleep_after": (
        "{minutes}분 뒤 잠듦 ({where}): 그동안 요청은 기다림",
        "after {minutes} min ({where}): requests wait meanwhile",
    ),
    "sleep_idle": ("쉬면 잠듦 ({where}): 그동안 요청은 기다림", "when idle ({where}): requests wait meanwhile"),
    "sleep_unknown": ("여기서는 읽을 수 없음", "cannot be read here"),
    "sleep_desktop": (
        "시스템은 스스로 잠들지 않음 (데스크톱 설정은 따로)",
        "the system itself does not (a desktop has its own setting)",
    ),
    "sleep_fix_linux": ("sudo systemctl mask sleep.target suspend.target",) * 2,
    "sleep_fix_windows": ("powercfg /change standby-timeout-ac 0",) * 2,
    "sleep_fix_mac": ("sudo pmset -c sleep 0",) * 2,
}
