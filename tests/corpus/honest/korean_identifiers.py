def 두배(텐서):
    return 텐서 * 2


def affine(입력):
    """두 배에 하나를 더한다."""
    결과 = 두배(입력) + 1
    return 결과
