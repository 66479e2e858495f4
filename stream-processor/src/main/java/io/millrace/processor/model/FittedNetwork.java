package io.millrace.processor.model;

import io.millrace.model.Manifest;

/**
 * What a fit gives: the two things that a model of kind djl is made of.
 *
 * @param network for the manifest
 * @param artifact the parameters, as DJL saves them
 * @param epochs how many were run
 * @param validationLoss mean log loss of the kept weights on the validation set, before the prior's correction
 */
public record FittedNetwork(Manifest.Network network, byte[] artifact, int epochs, double validationLoss) {}
