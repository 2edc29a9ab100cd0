"""Mathematics as Unicode: what notes on machine learning hold, and what stays as it is written."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from quiz.tui.formula import readable

FORMULAS = r"""
\frac{a+b}{c} => (a + b)/c
\frac{x}{2}y => (x/2) y
\frac{1}{2b} => 1/(2b)
\frac{1}{b(c+d)} => 1/(b(c + d))
\frac{\frac{a}{b}}{c} => (a/b)/c
\frac{a}{b}/c => (a/b)/c
\frac{a}{b}^2 => (a/b)²
\frac{\sqrt{2}}{2} => (√2)/2
\sqrt{2}x => (√2) x
\sqrt{x^2} => √(x²)
\sqrt[3]{x+1} => ∛(x + 1)
\text{softmax}(x)_i = \frac{e^{x_i}}{\sum_j e^{x_j}} => softmax(x)ᵢ = e^(xᵢ)/(∑ⱼ e^(xⱼ))
\mathrm{softmax}(z)_i = \frac{\exp(z_i)}{\sum_{j=1}^K \exp(z_j)} => softmax(z)ᵢ = exp(zᵢ)/(∑ⱼ₌₁ᴷ exp(zⱼ))
L = -\sum_{i} y_i \log \hat{y}_i => L = −∑ᵢ yᵢ log ŷᵢ
\mathcal{L}(\theta) = -\frac{1}{N}\sum_{n=1}^{N} \log p(y_n \mid x_n; \theta) => ℒ(θ) = −(1/N) ∑ₙ₌₁ᴺ log p(yₙ | xₙ; θ)
\text{Attention}(Q,K,V) = \text{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V => Attention(Q, K, V) = softmax(QKᵀ/√dₖ)V
\theta_{t+1} = \theta_t - \eta \nabla_\theta L(\theta_t) => θₜ₊₁ = θₜ − η∇_θ L(θₜ)
\|x\|_2 = \sqrt{\sum_i x_i^2} => ‖x‖₂ = √(∑ᵢ xᵢ²)
\hat{y} = \arg\max_{c} p(c \mid x) => ŷ = arg max_c p(c | x)
\theta^* = \operatorname*{arg\,min}_{\theta \in \Theta} L(\theta) => θ^* = arg min_(θ∈Θ) L(θ)
\mathbf{W}_1 \mathbf{x} + \mathbf{b} => 𝐖₁𝐱 + 𝐛
\boldsymbol{\theta} => 𝛉
x \in \mathbb{R}^{n \times d} => x ∈ ℝ^(n×d)
W \in \mathbb{R}^{d_{\text{model}} \times d_k} => W ∈ ℝ^(d_model×dₖ)
\frac{\partial L}{\partial w} => ∂L/∂w
\frac{\partial^2 f}{\partial x \partial y} => ∂²f/(∂x∂y)
\frac{dL}{dx} => dL/dx
\mathbb{E}_{x \sim p}[f(x)] => 𝔼_(x∼p)[f(x)]
D_{\mathrm{KL}}(p \| q) = \sum_x p(x) \log \frac{p(x)}{q(x)} => D_KL(p‖q) = ∑ₓ p(x) log(p(x)/q(x))
\sigma(x) = \frac{1}{1+e^{-x}} => σ(x) = 1/(1 + e⁻ˣ)
\int_0^1 x^2 \, dx = \frac{1}{3} => ∫₀¹ x² dx = 1/3
\hat{m}_t = \frac{m_t}{1-\beta_1^t} => m̂ₜ = mₜ/(1 − β₁ᵗ)
\theta \leftarrow \theta - \alpha \frac{\hat{m}}{\sqrt{\hat{v}} + \epsilon} => θ ← θ − α (m̂/(√v̂ + ϵ))
\mathcal{N}(x; \mu, \sigma^2) = \frac{1}{\sqrt{2\pi\sigma^2}} e^{-\frac{(x-\mu)^2}{2\sigma^2}} => 𝒩(x; μ, σ²) = (1/√(2πσ²)) e^(−(x − μ)²/(2σ²))
\lim_{x \to 0} \frac{\sin x}{x} = 1 => lim_(x→0) ((sin x)/x) = 1
h_t = \tanh(W_{hh} h_{t-1} + W_{xh} x_t + b_h) => hₜ = tanh(Wₕₕhₜ₋₁ + Wₓₕxₜ + bₕ)
\gamma \frac{x - \mathrm{E}[x]}{\sqrt{\mathrm{Var}[x] + \epsilon}} + \beta => γ ((x − E[x])/√(Var[x] + ϵ)) + β
\left. \frac{df}{dx} \right|_{x=0} => df/dx|ₓ₌₀
\lfloor \frac{H + 2p - k}{s} \rfloor + 1 => ⌊(H + 2p − k)/s⌋ + 1
\{x \mid x > 0\} => {x | x > 0}
\frac{1}{2} \|y - Xw\|^2 + \lambda \|w\|_1 => (1/2) ‖y − Xw‖² + λ‖w‖₁
\binom{n}{k} p^k (1-p)^{n-k} => C(n, k) pᵏ(1 − p)ⁿ⁻ᵏ
a^{b^c} => a^(bᶜ)
a^{bq} => a^(bq)
x_b y => x_b y
x^*y => x^* y
f'(x) \approx -x + 10^{-8} => f′(x) ≈ −x + 10⁻⁸
x_1^{(i)} \notin A => x₁⁽ⁱ⁾ ∉ A
\mathbb{1}[x > 0], \vec{v}, \bar{x}, 1{,}000 => 𝟙[x > 0], v⃗, x̄, 1,000
O(n \log n) => O(n log n)
f := \sin^2 x \odot y => f ≔ sin² x ⊙ y
\begin{bmatrix}1&0\\0&1\end{bmatrix}^\top x => [1, 0; 0, 1]ᵀx
\text{if $x>0$, 아니면 } 0 => if x > 0, 아니면 0
"""  # noqa: E501 - a formula a line

LEFT_ALONE = [
    r"\underbrace{x}_{y}", r"\unknown{x}", r"\hat{xy}", r"x {}^n", r"\frac{1}{2", r"\color{red}x",
    r"\sum_{\substack{i \\ j}} x", r"\overset{!}{=}", r"\frac{}{2}", "x_a_b", "",
    "{" * 3000, r"\begin{tikzcd} a \end{tikzcd}", "\\frac\x00", "^2", r"a & b", r"x \\ y",
]  # fmt: skip


@pytest.mark.parametrize("line", FORMULAS.strip().split("\n"), ids=lambda line: line[:30])
def test_a_formula_reads_as_it_means(line: str) -> None:
    latex, _arrow, expected = line.partition(" => ")
    assert readable(latex) == expected
    assert readable(latex, display=True) is not None


@pytest.mark.parametrize("latex", LEFT_ALONE)
def test_what_a_line_of_text_cannot_say_is_left_as_its_source(latex: str) -> None:
    assert readable(latex) is None


def test_matrices_cases_and_rows_take_several_lines() -> None:
    matrix = readable(
        r"A = \begin{pmatrix} a & -b \\ c & d \end{pmatrix}^{-1} + \mathbf{I}", display=True
    )
    assert matrix == "A = ⎛a  −b⎞⁻¹ + 𝐈\n    ⎝c  d ⎠"
    cases = readable(
        r"f(x) = \begin{cases} 1 & x > 0 \\ 0 & \text{만약 } x = 0 \\ -1 & x<0\end{cases}",
        display=True,
    )
    assert cases is not None
    assert cases.split("\n") == [
        "       ⎧1   x > 0",
        "f(x) = ⎨0   만약 x = 0",
        "       ⎩−1  x < 0",
    ]
    rows = readable(r"\begin{aligned} loss &= a + b \\ &= d \end{aligned}", display=True)
    assert rows == "loss = a + b\n     = d"
    korean = readable(r"\begin{bmatrix} \text{참} & 1 \\ 0 & 1 \end{bmatrix}", display=True)
    assert korean is not None
    assert len({cell_len(line) for line in korean.split("\n")}) == 1
