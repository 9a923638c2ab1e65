#ifndef CLINUX_H
#define CLINUX_H
int clinux_placeholder(void);
#endif
