"""What people call an error, by its code: the sentence that follows is for whoever mends it, and is English.

It exists so that a Korean reader of a notice or a report sees in the first words what is wrong.
"""

from __future__ import annotations

from typing import Dict

from shared.errors import RelayError
from shared.one_line import clean_lines
from shared.text import Text

_KOREAN: Dict[str, str] = {
    "E-ANSWER-DAMAGED": "손상된 답",
    "E-ANSWER-SYNTHETIC": "실제 가격이 아님",
    "E-ANSWER-UNREADABLE": "읽을 수 없는 답",
    "E-ARCHIVE-AWAY": "보관함을 쓸 수 없음",
    "E-ATTEMPTS": "시도 횟수 초과",
    "E-BACKUP": "백업·보관 이상",
    "E-CACHE-BUSY": "가격 캐시 사용 중",
    "E-CACHE-UNREADABLE": "가격 캐시를 읽을 수 없음",
    "E-CALENDAR-BUSY": "캘린더 변경 중",
    "E-CALENDAR-FILE": "캘린더 파일 오류",
    "E-CALENDAR-UNKNOWN": "캘린더에 없는 날",
    "E-CANCELLED": "취소됨",
    "E-CARRY-BROKEN": "전송할 수 없음",
    "E-CARRY-PARTIAL": "일부만 전송됨",
    "E-CARRY-REFUSED": "전송이 허용되지 않음",
    "E-DATA-MISSING": "가격이 없거나 열 수 없음",
    "E-DATA-STALE": "최신 데이터가 아직 없음",
    "E-DATA-UNAVAILABLE": "외부 데이터를 받지 못함",
    "E-DATA-UNUSABLE": "쓸 수 없는 가격",
    "E-DECLARED-DEAD": "응답이 없어 대체된 워커",
    "E-EXPIRED": "기한 지남",
    "E-JOB-FAULT": "작업 프로그램 오류",
    "E-LOOK-AHEAD": "미래를 본 전략",
    "E-NOTHING-TO-COMPARE": "비교할 답 없음",
    "E-NOT-ARCHIVABLE": "아직 보관할 수 없음",
    "E-PACKAGE-MISSING": "파이썬 버전 또는 패키지가 맞지 않음",
    "E-PARAMS": "잘못된 파라미터",
    "E-PRICES-BUSY": "가격 교체 중",
    "E-PRICES-DAMAGED": "손상된 가격",
    "E-PRICES-DISPUTED": "가격을 수집하는 쪽이 정해지지 않음",
    "E-PRICES-NOT-OURS": "가격을 수집하는 쪽이 아님",
    "E-PRICES-OLDER": "상대보다 오래된 가격",
    "E-PRICES-SYNTHETIC": "합성 가격",
    "E-PROVIDER-FAULTY": "가격 수집 프로그램 오류",
    "E-RELAY": "오류",
    "E-REQUEST-CONFLICT": "같은 id에 다른 내용",
    "E-REQUEST-NOT-FOUND": "요청이나 답을 찾을 수 없음",
    "E-REQUEST-SCHEMA": "잘못된 요청",
    "E-REQUEST-UNREADABLE": "읽을 수 없는 요청",
    "E-REQUEST-UNSUPPORTED": "지원하지 않는 요청",
    "E-REQUIRED-UNAVAILABLE": "필수 가격 없음",
    "E-RESULT-CHECK": "결과 검산 불일치",
    "E-RUN-CRASHED": "실행이 비정상 종료됨",
    "E-RUN-FAULT": "실행 프로그램 오류",
    "E-RUN-MEMORY": "메모리 초과",
    "E-RUN-TIMEOUT": "시간 초과",
    "E-SETTING": "잘못된 설정",
    "E-SHARE-UNREACHABLE": "공유 폴더를 쓸 수 없음",
    "E-STILL-WAITING": "아직 답 없음",
    "E-STRATEGY-FAILED": "전략 코드 오류",
    "E-STRATEGY-UNKNOWN": "없는 전략",
    "E-THERE-AWAY": "상대에 닿지 않음",
    "E-UNIVERSE-EMPTY": "유니버스에 종목 없음",
    "E-UNIVERSE-UNKNOWN": "없는 유니버스",
    "E-UPDATE": "코드 업데이트 실패",
    "E-UPDATE-BUSY": "작업 중이라 코드 업데이트 미룸",
    "E-USAGE": "잘못된 명령",
    "E-WARM-UP": "준비 기간이 차기 전에 매수한 전략",
}


def name_of(code: object) -> Text:
    """In Korean; an English reader reads the sentence, and of a code of a newer version nobody here knows one."""
    return Text(ko=_KOREAN.get(str(code), ""))


def named_first(code: object, sentence: str) -> Text:
    """The sentence, and before it what that is called."""
    return Text(": ".join(part for part in (name_of(code).ko, sentence) if part), sentence)


def line_of(error: RelayError, language: str, about: str = "") -> str:
    """What a command says of it on stderr; `about` whom of several."""
    sentence = f"{about}: {error}" if about else str(error)
    return clean_lines(f"[{error.code}] {named_first(error.code, sentence).in_language(language)}")
