package io.millrace.ingest.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoundedCacheTest {
    @Test
    void staysBounded_whateverIsPut() {
        BoundedCache<Integer, Integer> cache = new BoundedCache<>(100);

        for (int i = 0; i < 10_000; i++) {
            cache.put(i, i);
            assertThat(cache.size()).isLessThanOrEqualTo(100);
        }
        assertThat(cache.get(9_999)).isEqualTo(9_999);
        assertThat(cache.get(0)).isNull();
    }

    @Test
    void keepsWhatIsAskedFor_whileOthersPass() {
        BoundedCache<Integer, Integer> cache = new BoundedCache<>(100);
        cache.put(-1, -1);

        for (int i = 0; i < 10_000; i++) {
            cache.put(i, i);
            assertThat(cache.get(-1)).isEqualTo(-1);
        }
    }
}
