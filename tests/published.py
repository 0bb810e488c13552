"""Numbers that the notebooks' prose takes from elsewhere, each with its origin."""

PUBLISHED = {
    "01_elman_sine": {
        "0.76": "20 sin(0.4) ** 2 / 4, held in test_claims.py",
        "0.28": "root mean square of a step of the wave, held in test_claims.py",
        "0.71": "root mean square of a sine: the square root of 1/2",
    },
    "02_summing_rnn": {
        "4.6": "the tutorial's first loss in one run",
        "1.27": "its bias in another run",
        "0.19": "its frame weight there",
        "0.45": "its state weight there",
    },
    "03_char_hihell": {
        "0.23": "2 ln 2 / 6, held in test_exercises.py",
        "0.32": "the floor of bananas, held in test_claims.py",
    },
    "04_sentence_completion": {
        "0.03": "least lead of the GRU over Witten-Bell, held in test_wide.py",
        "0.08": "its greatest lead, there",
        "0.05": "the greatest lead of Kneser-Ney over the GRU, there",
    },
    "was_it_luck": {
        "0.005": "the tutorial's loss in lesson 1",
        "0.05": "ours there",
        "0.9": "one less a tenth",
        "0.47": "1 - 0.9 ** 6",
        "0.52": "1 - 0.9 ** 7",
        "1.4": "the square root of 2",
        "1.0": "the highest rate",
        "3.14": "half a period",
        "2.0": "where our wave begins",
    },
    "remembering_longer": {
        "90%": "what counts as learned",
        "0.6": "spectral radius as PyTorch draws it, held in test_claims.py",
        "0.00006": "0.6 ** 19",
        "1.3": "the radius of the solution, held in test_exercises.py",
        "1.9": "lesson 2's lost state weights",
        "0.95": "sigmoid(3)",
        "0.003": "a rate, held in test_wide.py",
        "3.3": "the bias for 19 steps, held in test_exercises.py",
    },
}
