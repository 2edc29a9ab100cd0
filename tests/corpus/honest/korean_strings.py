def letters(text):
    # 글자만 모은다
    빈칸 = "가나다 라마바"
    assert "가" in 빈칸
    return set(filter(str.isalpha, text))
